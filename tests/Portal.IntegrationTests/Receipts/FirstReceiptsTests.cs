using System.Text;
using Npgsql;
using Portal.Data;
using Portal.IntegrationTests.Dispatch;
using Portal.Receipts;

namespace Portal.IntegrationTests.Receipts;

/// <summary>Receipts are written as the first of their messages until the key says that one of them is not.</summary>
public sealed class FirstReceiptsTests(PortalFixture portal) : DispatchTest(portal)
{
    private const string Task = "111";
    private long _id;

    [Fact]
    public async Task Whatever_was_expected_each_message_counts_once()
    {
        var sending = await Attempted.SendingAsync(Portal, Owner, Account, "accepted", Task);
        var firsts = Get<FirstReceipts>();
        await ApplyAsync(Of("DELIVRD", 0, 1, 2));
        Assert.True(firsts.AreExpected(Owner.TenantId));

        // One of them has a word already: the key refuses them all, and nothing is lost or counted twice.
        await ApplyAsync(Of("EXPIRED", 2, 3, 4));
        Assert.False(firsts.AreExpected(Owner.TenantId));
        Assert.Equal("3 2 6", await StateAsync(sending));

        // The same again, and one that is new.
        await ApplyAsync(Of("EXPIRED", 2, 3, 4, 5));
        Assert.False(firsts.AreExpected(Owner.TenantId));
        Assert.Equal("3 3 7", await StateAsync(sending));

        await ApplyAsync(Of("DELIVRD", 6));
        Assert.True(firsts.AreExpected(Owner.TenantId));
        await ApplyAsync(Of("DELIVRD", 7, 7));
        Assert.Equal("5 3 9", await StateAsync(sending));
        Assert.Equal("0 1", await OneAsync<string>("select string_agg(nth::text, ' ' order by nth) from app.receipts where sending_id = $1 and number = '8619800000002'", sending));
    }

    [Fact]
    public async Task Half_a_group_that_has_words_already_keeps_the_other_half_from_nothing()
    {
        const int Each = 300;
        var sending = await Attempted.SendingAsync(Portal, Owner, Account, "accepted", Task);
        await ApplyAsync(Of("DELIVRD", 1));
        await ApplyAsync([.. Enumerable.Range(0, Each).SelectMany(minute => At(minute, "ACCEPTD", 1, 3, 0, 2))]);
        Assert.Equal($"1 0 {1 + (4 * Each)}", await StateAsync(sending));
        await ApplyAsync(Of("DELIVRD", 0, 1, 2, 3));
        Assert.Equal($"4 0 {4 + (4 * Each)}", await StateAsync(sending));
    }

    [Fact]
    public async Task Two_who_take_a_message_for_untold_cannot_both_write()
    {
        var sending = await Attempted.SendingAsync(Portal, Owner, Account, "accepted", Task);
        await ApplyAsync(Of("DELIVRD", 0));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => Portal.Database.AdminAsync(
            $"insert into app.receipts select (jsonb_populate_record(r, '{{\"status\": \"EXPIRED\", \"times\": \"later\"}}')).* from app.receipts r where sending_id = '{sending}'"));
        Assert.Equal(PostgresErrorCodes.UniqueViolation, refused.SqlState);
    }

    private async Task ApplyAsync(List<StoredReceipt> receipts)
    {
        await using var connection = await Portal.Databases[DatabaseRole.Applier].OpenConnectionAsync(Ct);
        var read = await Get<ReadReceipts>().RunAsync(connection, receipts, Ct);
        var (left, failed) = await Get<ApplyGroup>().RunAsync(read, ReceiptPlace.Inbox, Ct);
        Assert.Equal((0, 0), (left.Count, failed.Count));
    }

    private List<StoredReceipt> Of(string word, params int[] people) => At(0, word, people);

    private List<StoredReceipt> At(int minute, string word, params int[] people) => [.. people.Select(n => new StoredReceipt(++_id, TimeProvider.System.GetUtcNow(), null, null, Encoding.UTF8.GetBytes(
        $$"""{"apikey":"{{ApiKey}}","taskid":"{{Task}}","mobile":"{{8619800000000 + n}}","status":"{{word}}","times":"2026-11-22 {{minute / 60:D2}}:{{minute % 60:D2}}"}""")))];

    /// <summary>Delivered, undelivered, receipts.</summary>
    private async Task<string> StateAsync(Guid sending)
    {
        var counts = await CountsAsync(sending);
        return $"{counts.Delivered} {counts.Undelivered} {await OneAsync<long>("select count(*) from app.receipts where sending_id = $1", sending)}";
    }
}
