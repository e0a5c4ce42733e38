using Microsoft.Extensions.DependencyInjection;
using Portal.Campaigns;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>What a tenant keeps no longer goes; totals, and whatever is not settled, stay.</summary>
public sealed class RetentionTests(PortalFixture portal) : DoubtTest(portal)
{
    private bool _started;

    [Fact]
    public async Task Messages_numbers_texts_and_receipts_go_and_the_totals_stay()
    {
        var (old, young) = (await SentAsync(0), await SentAsync(100));
        await PushAllAsync(old);
        var before = await CountsAsync(old);
        await KeepAsync(30, null, null);
        await AgeAsync(old, 31);
        await AgeAsync(young, 29);

        await SweepAsync();

        Assert.Equal("0 0 0 0 0", await RowsAsync(old));
        Assert.Equal(Recount.Of(before), Recount.Of(await CountsAsync(old)));
        Assert.Equal(20, before.Accepted);
        Assert.Equal("20 0 0 1 20", await RowsAsync(young));
        Assert.Equal(2L, await OneAsync<long>("select count(*) from app.attempts where sending_id = $1", old));
        Assert.True(await OneAsync<bool>("select messages_cleared_at is not null and receipts_cleared_at is not null from app.sendings where id = $1", old));
        Assert.Equal("20|20|0", await OneAsync<string>("select array_to_string(details, '|') from app.audit_entries where action = 'data_cleared'"));

        // Again: nothing is found, nothing is said.
        await SweepAsync();
        Assert.Equal(1L, await OneAsync<long>("select count(*) from app.audit_entries where action = 'data_cleared'"));
    }

    [Fact]
    public async Task Receipts_may_go_earlier_and_the_messages_stay()
    {
        var sending = await SentAsync(0);
        await PushAllAsync(sending);
        var before = await CountsAsync(sending);
        await KeepAsync(60, 10, null);
        await AgeAsync(sending, 11);

        await SweepAsync();

        Assert.Equal("20 0 0 1 20", await RowsAsync(sending));
        Assert.Equal(Recount.Of(before), Recount.Of(await CountsAsync(sending)));
        Assert.Equal(20, before.Delivered);
    }

    [Fact]
    public async Task What_is_in_doubt_is_never_removed_before_it_is_settled()
    {
        var sending = await InDoubtAsync(20);
        Assert.True(await Get<FinishSending>().RunAsync(Owner.Scope, sending, Ct));
        await KeepAsync(7, 7, null);
        await AgeAsync(sending, 400);

        await SweepAsync();
        Assert.Equal("20 0 0 1 20", await RowsAsync(sending));

        // Settled today: its time begins today. Whichever of the two requests came first has the doubt.
        var doubtful = await OneAsync<int>("select batch_no from app.batches where sending_id = $1 and state = 'in_doubt'", sending);
        Assert.True((await Get<CountAsSent>().RunAsync(Owner, new(sending, doubtful), Ct)).Ok);
        await SweepAsync();
        Assert.Equal("20 0 0 1 20", await RowsAsync(sending));

        await AgeAsync(sending, 8);
        await SweepAsync();
        Assert.Equal("0 0 0 0 0", await RowsAsync(sending));
        Assert.Equal(20, (await CountsAsync(sending)).Accepted);
    }

    [Fact]
    public async Task A_sending_under_way_is_not_touched_and_without_a_setting_nothing_goes()
    {
        var planned = await PreparedAsync("Hello", await ListAsync(20, 300));
        await AgeAsync(planned, 400);
        await SweepAsync();
        await KeepAsync(7, 7, null);
        await SweepAsync();

        Assert.Equal("20 0 0 1 20", await RowsAsync(planned));
    }

    [Fact]
    public async Task Contacts_go_unless_they_were_written_to_or_are_about_to_be()
    {
        await SentAsync(0);
        var idle = await ListAsync(5, 500);
        var planned = await ListAsync(5, 600);
        await ListAsync(5, 700);
        await Portal.Database.AdminAsync($"""
            update app.contacts set created_at = now() - interval '40 days' where tenant_id = '{Owner.TenantId}' and number < '8619800000700';
            insert into app.suppressions (tenant_id, number, reason, source, at) select tenant_id, number, 'opted_out', 'test', now() - interval '400 days' from app.list_members where list_id = '{idle}';
            """);
        await using (var db = new Portal.Data.PortalDbFactory(Portal.Databases).Create(Owner.Scope))
        {
            db.Add(new Campaign { TenantId = Owner.TenantId, Name = "Next", Text = "Soon", ListIds = [planned], AccountId = Account, TimeZone = "Asia/Shanghai", CreatedBy = Owner.UserId, CreatedByName = "Owner", CreatedAt = Now, ChangedAt = Now });
            await db.SaveChangesAsync();
        }
        await KeepAsync(null, null, 30);

        await SweepAsync();

        Assert.Equal(0L, await OneAsync<long>("select count(*) from app.list_members where list_id = $1", idle));
        // written to: 20, planned: 5, new: 5
        Assert.Equal(30L, await OneAsync<long>("select count(*) from app.contacts"));
        Assert.Equal(5L, await OneAsync<long>("select count(*) from app.suppressions"));
        Assert.Equal("0|0|5", await OneAsync<string>("select array_to_string(details, '|') from app.audit_entries where action = 'data_cleared'"));
    }

    [Theory]
    [InlineData(6, null, null, "MessagesDays out_of_range")]
    [InlineData(null, 3651, null, "ReceiptsDays out_of_range")]
    [InlineData(null, null, 29, "ContactsDays out_of_range")]
    [InlineData(30, 31, null, "ReceiptsDays longer_than_messages")]
    [InlineData(30, null, 31, "ContactsDays longer_than_messages")]
    [InlineData(13, null, null, "MessagesDays shorter_than_frequency")]
    public async Task Settings_that_contradict_are_refused(int? messages, int? receipts, int? contacts, string problem)
    {
        Assert.True((await Get<ChangeSendingRules>().RunAsync(Owner, new(null, 2, 14), Ct)).Ok);

        var result = await Get<ChangeRetention>().RunAsync(Owner, new(messages, receipts, contacts), Ct);

        Assert.Equal(problem, $"{result.Problems[0].Field} {result.Problems[0].Code}");
    }

    [Fact]
    public async Task An_owner_sets_it_the_audit_says_from_what_to_what_and_the_frequency_cap_keeps_to_it()
    {
        var change = Get<ChangeRetention>();
        Assert.True((await change.RunAsync(Owner, new(90, 30, 60), Ct)).Ok);
        Assert.True((await change.RunAsync(Owner, new(60, 30, null), Ct)).Ok);

        Assert.Equal(new(60, 30, null), (await Get<SendingRules>().RunAsync(Owner, Ct)).Keep);
        Assert.Equal("messages  90;receipts  30;contacts  60;messages 90 60;contacts 60 ", await OneAsync<string>(
            "select string_agg(concat_ws(' ', details[2], details[3], details[4]), ';' order by at, id) from app.audit_entries where action = 'retention_changed'"));
        Assert.Equal("frequency_kept", (await Get<ChangeSendingRules>().RunAsync(Owner, new(null, 2, 61), Ct)).Problems[0].Code);
        await Assert.ThrowsAsync<NotAllowedException>(() => change.RunAsync(Owner with { Role = MemberRole.Manager }, new(60, 30, null), Ct));
        await Assert.ThrowsAsync<NotConfirmedException>(() => change.RunAsync(Owner with { Confirmed = false }, new(60, 30, null), Ct));
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private Task SweepAsync() => Get<ClearExpired>().SweepAsync(Ct);

    /// <summary>Twenty people in two requests, all accepted.</summary>
    private async Task<Guid> SentAsync(int from)
    {
        var sending = await PreparedAsync("Hello", await ListAsync(20, from));
        if (!_started)
            await StartAsync();
        _started = true;
        await UntilQuietAsync(sending);
        Assert.True(await Get<FinishSending>().RunAsync(Owner.Scope, sending, Ct));
        return sending;
    }

    private async Task PushAllAsync(Guid sending)
    {
        var pairs = await OneAsync<string>("""
            select string_agg(m.number || ' ' || a.task_id, ';') from app.messages m
            join app.batches b on b.sending_id = m.sending_id and m.ordinal between b.first_ordinal and b.last_ordinal
            join app.attempts a on a.sending_id = b.sending_id and a.batch_no = b.batch_no where m.sending_id = $1
            """, sending);
        foreach (var pair in pairs.Split(';'))
            await PushAsync(pair.Split(' ')[1], pair.Split(' ')[0]);
        await UntilToldAsync(sending, 20);
    }

    private async Task KeepAsync(int? messages, int? receipts, int? contacts) =>
        Assert.True((await Get<ChangeRetention>().RunAsync(Owner, new(messages, receipts, contacts), Ct)).Ok);

    /// <summary>As if it had ended so many days ago.</summary>
    private Task AgeAsync(Guid sending, int days) => Portal.Database.AdminAsync($"""
        update app.sendings set created_at = now() - interval '{days} days', finished_at = case when finished_at is not null then now() - interval '{days} days' end where id = '{sending}';
        update app.batches set changed_at = now() - interval '{days} days' where sending_id = '{sending}';
        """);

    /// <summary>messages, receipts, skips, texts, numbers in batches</summary>
    private Task<string> RowsAsync(Guid sending) => OneAsync<string>("""
        select concat_ws(' ', (select count(*) from app.messages where sending_id = $1), (select count(*) from app.receipts where sending_id = $1),
            (select count(*) from app.skips where sending_id = $1), (select count(*) from app.sending_texts where sending_id = $1),
            (select sum(cardinality(numbers)) from app.batches where sending_id = $1))
        """, sending);
}
