using System.Text;
using Portal.Accounts;
using Portal.Data;
using Portal.Dispatch;
using Portal.IntegrationTests.Dispatch;
using Portal.Receipts;

namespace Portal.IntegrationTests.Receipts;

/// <summary>Many receipts of a tenant are written by two transactions at once, which never wait for each other in a ring.</summary>
public sealed class DividedTests(PortalFixture portal) : DispatchTest(portal)
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private const int Each = 60;

    [Fact]
    public async Task Receipts_of_two_accounts_and_two_months_are_all_written_at_once()
    {
        var otherKey = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        await PutAsync("accounts", new { apikey = otherKey, secret = Secret, kind = "both" });
        var other = (await Get<AddAccount>().RunAsync(Owner, new(new AccountSettings("Other"), Provider, AccountKind.Both, new TypedKeyPair(otherKey, Secret)), Ct)).Value;
        var now = await Attempted.SendingAsync(Portal, Owner, Account, "accepted", "111");
        var before = await Attempted.SendingAsync(Portal, Owner, other, "accepted", "222");
        await Portal.Database.AdminAsync($"""
            update app.sendings set month = (month - interval '1 month')::date where id = '{before}';
            update app.messages set month = (month - interval '1 month')::date where sending_id = '{before}'
            """);
        // Those with an even number begin with the one month, those with an odd one with the other.
        List<StoredReceipt> receipts = [.. Of(ApiKey, "111", 0), .. Of(otherKey, "222", 1), .. Of(otherKey, "222", 0), .. Of(ApiKey, "111", 1)];
        receipts = [.. receipts.Select((r, i) => r with { Id = i + 1 })];
        Assert.True(receipts.Count >= 1000);
        await using var connection = await Portal.Databases[DatabaseRole.Applier].OpenConnectionAsync(Ct);
        var read = await Get<ReadReceipts>().RunAsync(connection, receipts, Ct);

        Task<AppliedGroup> applied;
        await using (var inTheWay = await Portal.Database.OpenAdminAsync())
        {
            await inTheWay.RunAsync(Ct, "begin");
            await inTheWay.RunAsync(Ct, "select from app.sending_counts where tenant_id = $1 for update", Owner.TenantId);
            applied = Get<ApplyGroup>().RunAsync(read, ReceiptPlace.Inbox, Ct);
            await UntilAsync(async () => await WaitingAsync() > 0, "they wait for the counters");
            await Task.Delay(500);
        }

        var (left, failed) = await applied;
        Assert.Equal((0, 0), (left.Count, failed.Count));
        Assert.Equal((10, 10), ((await CountsAsync(now)).Delivered, (await CountsAsync(before)).Delivered));
        Assert.Equal((long)receipts.Count, await OneAsync<long>("select count(*) from app.receipts where tenant_id = $1", Owner.TenantId));
    }

    /// <summary>Of each number with this end so many, which differ in their time.</summary>
    private static IEnumerable<StoredReceipt> Of(string apiKey, string task, int odd) =>
        from number in Enumerable.Range(0, 10).Where(n => n % 2 == odd)
        from minute in Enumerable.Range(0, Each)
        select new StoredReceipt(0, TimeProvider.System.GetUtcNow(), null, null, Encoding.UTF8.GetBytes(
            $$"""{"apikey":"{{apiKey}}","taskid":"{{task}}","mobile":"{{8619800000000 + number}}","status":"DELIVRD","times":"2026-11-22 17:{{minute:D2}}"}"""));

    private Task<long> WaitingAsync() => Portal.Database.AdminScalarAsync<long>(
        "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'portal-applier' and wait_event_type = 'Lock'");
}
