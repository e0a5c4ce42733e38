using Microsoft.AspNetCore.Builder;
using Portal.Accounts;
using Portal.Data;
using Portal.Dispatch;
using Portal.IntegrationTests.Dispatch;
using Portal.Simulator;
using Portal.Tenants;

namespace Portal.IntegrationTests.Receipts;

/// <summary>Whose a receipt is: only accounts that proved its apikey come into question, and of those the one with its taskid.</summary>
public sealed class RoutingTests(PortalFixture portal) : DispatchTest(portal)
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private const string First = "8619800000000";
    private const string Second = "8619800000001";

    [Fact]
    public async Task Two_hosts_with_the_same_apikey_and_the_taskid_decides()
    {
        await BeginAsync();
        var mine = await AttemptedAsync(Owner, Account, "accepted", "111");
        var other = await Portal.NewTenantAsync();
        await using var host = await HostAsync(ApiKey);
        var theirs = await AttemptedAsync(other, await AddedAsync(other, host.Urls.First(), ApiKey), "accepted", "222");

        await PushAsync("111", First);
        await PushAsync("222", First, "UNDELIV");
        await PushAsync("222", Second, "UNDELIV");
        await PushAsync("333", Second);
        await UntilInboxEmptyAsync();
        Assert.Equal((1, 0), await ToldAsync(Owner, mine));
        Assert.Equal((0, 2), await ToldAsync(other, theirs));
        Assert.Equal(1L, await ParkedAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_enters_an_apikey_that_is_not_theirs_gets_nothing(bool knowsTheSecret)
    {
        await BeginAsync();
        var mine = await AttemptedAsync(Owner, Account, "accepted", "111");
        var stranger = await Portal.NewTenantAsync();
        // Not let in, so not proven; or proven second, so held for an operator.
        if (!knowsTheSecret)
            await PutAsync("accounts", new { apikey = ApiKey, secret = Secret, kind = "both", whitelist = "203.0.113.7" });
        var account = await AddedAsync(stranger, Provider, ApiKey);
        var accepted = await AttemptedAsync(stranger, account, "accepted", "111");
        var doubted = await AttemptedAsync(stranger, account, "in_doubt", null);

        await PushAsync("111", First);
        await PushAsync("999", First);
        await PushAsync("999", Second);
        await UntilInboxEmptyAsync();
        Assert.Equal((1, 0), await ToldAsync(Owner, mine));
        Assert.Equal((0, 0), await ToldAsync(stranger, accepted));
        Assert.Equal((0, 0), await ToldAsync(stranger, doubted));
        await AssertNothingOfAsync(stranger);
    }

    [Fact]
    public async Task A_stranger_with_a_host_of_their_own_learns_nothing_though_they_came_first()
    {
        await BeginAsync();
        var apiKey = NewKey();
        var stranger = await Portal.NewTenantAsync();
        await using var host = await HostAsync(apiKey);
        var doubted = await AttemptedAsync(stranger, await AddedAsync(stranger, host.Urls.First(), apiKey), "in_doubt", null);
        await PutAsync("accounts", new { apikey = apiKey, secret = Secret, kind = "both" });
        var account = await AddedAsync(Owner, Provider, apiKey);

        await PushAsync("999", First, apiKey: apiKey);
        await PushAsync("999", Second, apiKey: apiKey);
        await UntilAsync(async () => await ParkedAsync() == 2, "both wait for the reply");
        await AssertNothingOfAsync(stranger);

        var mine = await AttemptedAsync(Owner, account, "accepted", "999");
        await TryAgainAsync();
        await UntilAsync(async () => await ToldAsync(Owner, mine) == (2, 0), "both found their message");
        Assert.Equal((0, 0), await ToldAsync(stranger, doubted));
        await AssertNothingOfAsync(stranger);
    }

    [Fact]
    public async Task Receipts_of_both_pairs_are_taken_while_a_tenant_rotates()
    {
        await BeginAsync();
        var mine = await AttemptedAsync(Owner, Account, "accepted", "111");
        var newKey = NewKey();
        await PutAsync("accounts", new { apikey = newKey, secret = Secret, kind = "both" });
        Assert.True((await Get<ReplaceKeyPair>().RunAsync(Owner, Account, new TypedKeyPair(newKey, Secret), Ct)).Value.Passed);

        await PushAsync("111", First);
        await PushAsync("111", Second, apiKey: newKey);
        await UntilInboxEmptyAsync();
        Assert.Equal((2, 0), await ToldAsync(Owner, mine));
    }

    [Fact]
    public async Task What_came_before_the_proof_is_handed_over_only_where_its_taskid_is_the_accounts_own()
    {
        await BeginAsync();
        var apiKey = NewKey();
        await PutAsync("accounts", new { apikey = apiKey, secret = Secret, kind = "both" });
        foreach (var task in (string[])["888", "999"])
        {
            await PushAsync(task, First, apiKey: apiKey);
            await PushAsync(task, Second, apiKey: apiKey);
        }
        await UntilAsync(async () => await ParkedAsync() == 4, "nobody has this apikey");

        var account = await AddedAsync(Owner, Provider, apiKey);
        var known = await AttemptedAsync(Owner, account, "accepted", "888");
        var doubted = await AttemptedAsync(Owner, account, "in_doubt", null);
        await TryAgainAsync();
        await UntilAsync(async () => await ToldAsync(Owner, known) == (2, 0), "those with a taskid of its own are applied");
        Assert.Equal((0, 0), await ToldAsync(Owner, doubted));

        // The same ones, pushed again after the proof, are evidence.
        await PushAsync("999", First, apiKey: apiKey);
        await PushAsync("999", Second, apiKey: apiKey);
        await UntilAsync(async () => await ToldAsync(Owner, doubted) == (2, 0), "they are evidence");
    }

    private async Task BeginAsync()
    {
        await Portal.Database.AdminAsync("truncate infra.parked_receipts, infra.receipt_inbox");
        await StartAsync();
    }

    private static string NewKey() => Convert.ToBase64String(Guid.NewGuid().ToByteArray());

    private static async Task<WebApplication> HostAsync(string apiKey)
    {
        var host = SimulatorApp.Create(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Error",
            $"--Accounts:0:apikey={apiKey}", $"--Accounts:0:secret={Secret}"]);
        await host.StartAsync();
        return host;
    }

    private async Task<Guid> AddedAsync(Member tenant, string address, string apiKey)
    {
        var input = new AddAccountInput(new AccountSettings("Added"), address, AccountKind.Both, new TypedKeyPair(apiKey, Secret));
        var added = await Get<AddAccount>().RunAsync(tenant, input, Ct);
        Assert.True(added.Ok);
        return added.Value;
    }

    /// <summary>A sending to ten people whose only request ended like this. It began an hour ago.</summary>
    private async Task<Guid> AttemptedAsync(Member tenant, Guid account, string state, string? task)
    {
        var now = TimeProvider.System.GetUtcNow();
        var sending = Sending.Create(tenant.TenantId, account, SendingKind.Campaign, "Hello", [], 10, now, now);
        (sending.State, sending.PreparedAt) = (SendingState.Finished, now);
        await using (var db = new PortalDbFactory(Portal.Databases).Create(tenant.Scope))
        {
            db.AddRange(sending, new SendingCounts { TenantId = tenant.TenantId, SendingId = sending.Id, Accepted = state == "accepted" ? 10 : 0, InDoubt = state == "accepted" ? 0 : 10 });
            await db.SaveChangesAsync();
        }
        await Portal.Database.AdminAsync($"""
            update app.sendings set messages = 10 where id = '{sending.Id}';
            insert into app.messages (tenant_id, month, sending_id, number, ordinal)
            select s.tenant_id, s.month, s.id, (8619800000000 + n)::text, n from app.sendings s, generate_series(0, 9) n where s.id = '{sending.Id}';
            insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, numbers, text_no, state, why, fence, attempts, not_before, changed_at)
            select '{tenant.TenantId}', '{sending.Id}', 0, '{account}', 0, 9, array(select 8619800000000 + n from generate_series(0, 9) n), 0, '{state}', {(state == "in_doubt" ? "'timeout'" : "null")}, 1, 1, now(), now();
            insert into app.attempts (tenant_id, sending_id, batch_no, attempt_no, account_id, fence, key_version, timestamp, numbers, own_segments, granted_at, state, started_at, ended_at, code, task_id)
            select '{tenant.TenantId}', '{sending.Id}', 0, 1, '{account}', 1, 1, '20261122174200', 10, 10, now(), '{state}', now() - interval '1 hour', now(),
                   {(state == "accepted" ? "'000'" : "null")}, {(task is null ? "null" : $"'{task}'")};
            """);
        return sending.Id;
    }

    private async Task<(int Delivered, int Undelivered)> ToldAsync(Member tenant, Guid sending)
    {
        await using var db = new PortalDbFactory(Portal.Databases).Create(tenant.Scope);
        var counts = (await db.FindAsync<SendingCounts>([tenant.TenantId, sending]))!;
        return (counts.Delivered, counts.Undelivered);
    }

    /// <summary>Not a row that tells of a receipt.</summary>
    private async Task AssertNothingOfAsync(Member tenant)
    {
        foreach (var table in (string[])["app.receipts", "app.stray_receipts", "app.task_evidence", "app.receipt_pulses", "infra.parked_receipts"])
            Assert.Equal(0L, await Portal.Database.AdminScalarAsync<long>($"select count(*) from {table} where tenant_id = '{tenant.TenantId}'"));
    }

    private Task<long> ParkedAsync() => Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts");

    private Task TryAgainAsync() => Portal.Database.AdminAsync("update infra.parked_receipts set next_at = now()");
}
