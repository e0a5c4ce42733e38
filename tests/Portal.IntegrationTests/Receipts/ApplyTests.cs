using System.Net;
using System.Text;
using Portal.IntegrationTests.Dispatch;
using Portal.Receipts;

namespace Portal.IntegrationTests.Receipts;

public sealed class ApplyTests(PortalFixture portal) : DispatchTest(portal)
{
    [Fact]
    public async Task A_receipt_moves_its_own_message_and_the_counters()
    {
        var (sending, task) = await SentAsync();
        await PushAsync(task, "8619800000000", "DELIVRD");
        await PushAsync(task, "8619800000001", "UNDELIV");
        await PushAsync(task, "8619800000002", "MK:0001");
        await PushAsync(task, "8619800000003", "ACCEPTD");
        await UntilAsync(async () => await ReceiptsAsync(sending) == 4, "four receipts are applied");
        var counts = await CountsAsync(sending);
        Assert.Equal((1, 2), (counts.Delivered, counts.Undelivered));
    }

    [Fact]
    public async Task The_same_receipt_counts_once_however_often_it_is_pushed()
    {
        var (sending, task) = await SentAsync();
        for (var i = 0; i < 4; i++)
            await PushAsync(task, "8619800000000", "DELIVRD");
        await UntilInboxEmptyAsync();
        Assert.Equal(1, (await CountsAsync(sending)).Delivered);
        Assert.Equal(1L, await ReceiptsAsync(sending));
    }

    [Fact]
    public async Task The_first_final_word_wins_and_a_later_one_is_kept()
    {
        var (sending, task) = await SentAsync();
        await PushAsync(task, "8619800000000", "EXPIRED");
        await UntilInboxEmptyAsync();
        await PushAsync(task, "8619800000000", "DELIVRD");
        await UntilInboxEmptyAsync();
        var counts = await CountsAsync(sending);
        Assert.Equal((0, 1), (counts.Delivered, counts.Undelivered));
        Assert.Equal(2L, await ReceiptsAsync(sending));
    }

    [Fact]
    public async Task An_unlisted_word_is_a_failure_until_it_is_delivered_after_all()
    {
        var (sending, task) = await SentAsync();
        await PushAsync(task, "8619800000000", "DB:0141");
        await UntilInboxEmptyAsync();
        Assert.Equal(1, (await CountsAsync(sending)).Undelivered);
        await PushAsync(task, "8619800000000", "DELIVRD");
        await UntilInboxEmptyAsync();
        var counts = await CountsAsync(sending);
        Assert.Equal((1, 0), (counts.Delivered, counts.Undelivered));
    }

    [Fact]
    public async Task A_receipt_that_comes_before_the_reply_waits_for_it()
    {
        var (sending, task) = await SentAsync();
        await Portal.Database.AdminAsync($"update app.attempts set task_id = null where sending_id = '{sending}'");
        await PushAsync(task, "8619800000000", "DELIVRD");
        await UntilAsync(async () => await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts") == 1, "it is parked");
        Assert.Equal(0L, await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts where position('DELIVRD'::bytea in sealed) > 0"));
        await Portal.Database.AdminAsync($"update app.attempts set task_id = '{task}' where sending_id = '{sending}'");
        await UntilAsync(async () => (await CountsAsync(sending)).Delivered == 1, "it is matched again");
        Assert.Equal(0L, await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts"));
    }

    [Fact]
    public async Task A_masked_number_is_matched_only_where_one_number_fits()
    {
        var (sending, task) = await SentAsync();
        await PushAsync(task, "86198000000**", "DELIVRD");
        await PushAsync(task, "861980000*001", "DELIVRD");
        await UntilInboxEmptyAsync();
        Assert.Equal(1, (await CountsAsync(sending)).Delivered);
        Assert.Equal("8619800000001", await OneAsync<string>("select number from app.receipts where sending_id = $1", sending));
    }

    [Fact]
    public async Task A_receipt_of_a_sending_whose_receipts_are_kept_no_longer_counts_nobody_twice()
    {
        var (sending, task) = await SentAsync();
        await PushAsync(task, "8619800000000", "DELIVRD");
        await UntilInboxEmptyAsync();
        await Portal.Database.AdminAsync($"delete from app.receipts where sending_id = '{sending}'; update app.sendings set receipts_cleared_at = now() where id = '{sending}'");
        await PushAsync(task, "8619800000000", "DELIVRD");
        await PushAsync(task, "861980000*001", "DELIVRD");
        await UntilAsync(async () => await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts") == 2, "both are parked");
        Assert.Equal(1, (await CountsAsync(sending)).Delivered);
        Assert.Equal(0L, await ReceiptsAsync(sending));
        Assert.Equal(0L, await Portal.Database.AdminScalarAsync<long>($"select count(*) from app.stray_receipts where account_id = '{Account}'"));
    }

    [Fact]
    public async Task What_does_not_belong_here_changes_nothing()
    {
        var (sending, task) = await SentAsync();
        await PushAsync("123", "8619800000000", "DELIVRD");
        await PushAsync(task, "8619900000000", "DELIVRD");
        await PushAsync(task, "8619800000000", "DELIVRD", apiKey: "nobody");
        await Get<ReceiptInbox>().StoreAsync(Encoding.UTF8.GetBytes("not a receipt"), IPAddress.Loopback, null);
        await UntilAsync(async () => await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts") == 4, "all four are parked");
        Assert.Equal(0, (await CountsAsync(sending)).Delivered);
    }

    private async Task<(Guid Sending, string TaskId)> SentAsync()
    {
        await Portal.Database.AdminAsync("truncate infra.parked_receipts, infra.receipt_inbox");
        var sending = await PreparedAsync("Hello", await ListAsync(10));
        await StartAsync();
        await UntilQuietAsync(sending);
        return (sending, await OneAsync<string>("select task_id from app.attempts where sending_id = $1", sending));
    }

    private Task<long> ReceiptsAsync(Guid sending) => OneAsync<long>("select count(*) from app.receipts where sending_id = $1", sending);
}
