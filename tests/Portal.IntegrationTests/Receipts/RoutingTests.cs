using Microsoft.AspNetCore.Builder;
using Portal.Accounts;
using Portal.Data;
using Portal.Dispatch;
using Portal.IntegrationTests.Dispatch;
using Portal.Receipts;
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
        var mine = await Attempted.SendingAsync(Portal, Owner, Account, "accepted", "111");
        var other = await Portal.NewTenantAsync();
        await using var host = await HostAsync(ApiKey);
        var theirs = await Attempted.SendingAsync(Portal, other, await AddedAsync(other, host.Urls.First(), ApiKey), "accepted", "222");

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
        var mine = await Attempted.SendingAsync(Portal, Owner, Account, "accepted", "111");
        var stranger = await Portal.NewTenantAsync();
        // Not let in, so not proven; or proven second, so held for an operator.
        if (!knowsTheSecret)
            await PutAsync("accounts", new { apikey = ApiKey, secret = Secret, kind = "both", whitelist = "203.0.113.7" });
        var account = await AddedAsync(stranger, Provider, ApiKey);
        var accepted = await Attempted.SendingAsync(Portal, stranger, account, "accepted", "111");
        var doubted = await Attempted.SendingAsync(Portal, stranger, account, "in_doubt", null);

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
        var doubted = await Attempted.SendingAsync(Portal, stranger, await AddedAsync(stranger, host.Urls.First(), apiKey), "in_doubt", null);
        await PutAsync("accounts", new { apikey = apiKey, secret = Secret, kind = "both" });
        var account = await AddedAsync(Owner, Provider, apiKey);

        await PushAsync("999", First, apiKey: apiKey);
        await PushAsync("999", Second, apiKey: apiKey);
        await UntilAsync(async () => await ParkedAsync() == 2, "both wait for the reply");
        await AssertNothingOfAsync(stranger);

        var mine = await Attempted.SendingAsync(Portal, Owner, account, "accepted", "999");
        await TryAgainAsync();
        await UntilAsync(async () => await ToldAsync(Owner, mine) == (2, 0), "both found their message");
        Assert.Equal((0, 0), await ToldAsync(stranger, doubted));
        await AssertNothingOfAsync(stranger);
    }

    [Fact]
    public async Task Receipts_of_both_pairs_are_taken_while_a_tenant_rotates()
    {
        await BeginAsync();
        var mine = await Attempted.SendingAsync(Portal, Owner, Account, "accepted", "111");
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
        var known = await Attempted.SendingAsync(Portal, Owner, account, "accepted", "888");
        var doubted = await Attempted.SendingAsync(Portal, Owner, account, "in_doubt", null);
        await TryAgainAsync();
        await UntilAsync(async () => await ToldAsync(Owner, known) == (2, 0), "those with a taskid of its own are applied");
        Assert.Equal((0, 0), await ToldAsync(Owner, doubted));

        // The same ones, pushed again after the proof, are evidence.
        await PushAsync("999", First, apiKey: apiKey);
        await PushAsync("999", Second, apiKey: apiKey);
        await UntilAsync(async () => await ToldAsync(Owner, doubted) == (2, 0), "they are evidence");
    }

    [Fact]
    public async Task An_own_address_tells_two_tenants_with_one_apikey_apart()
    {
        await BeginAsync();
        var doubted = await Attempted.SendingAsync(Portal, Owner, Account, "in_doubt", null);
        var stranger = await Portal.NewTenantAsync();
        await using var host = await HostAsync(ApiKey);
        var theirs = await Attempted.SendingAsync(Portal, stranger, await AddedAsync(stranger, host.Urls.First(), ApiKey), "in_doubt", null);
        var token = (await Get<IssueOwnAddress>().RunAsync(Owner, Account, Ct)).Value.Token;

        await PushAsync("999", First, token: token);
        await PushAsync("999", Second, token: token);
        await UntilAsync(async () => await ToldAsync(Owner, doubted) == (2, 0), "they are evidence for whose address it is");
        Assert.Equal((0, 0), await ToldAsync(stranger, theirs));
        await AssertNothingOfAsync(stranger);
    }

    [Fact]
    public async Task That_one_takes_only_its_own_address_makes_nobody_else_its_receipts_owner()
    {
        await BeginAsync();
        var stranger = await Portal.NewTenantAsync();
        await using var host = await HostAsync(ApiKey);
        var theirs = await Attempted.SendingAsync(Portal, stranger, await AddedAsync(stranger, host.Urls.First(), ApiKey), "in_doubt", null);
        Assert.True((await Get<IssueOwnAddress>().RunAsync(Owner, Account, Ct)).Ok);
        Assert.True((await Get<TakeOnlyOwnAddress>().RunAsync(Owner, Account, only: true, Ct)).Ok);

        await PushAsync("999", First);
        await PushAsync("999", Second);
        await UntilAsync(async () => await ParkedAsync() == 2, "both are parked");
        await TryAgainAsync();
        await UntilInboxEmptyAsync();
        Assert.Equal((0, 0), await ToldAsync(stranger, theirs));
        await AssertNothingOfAsync(stranger);
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
