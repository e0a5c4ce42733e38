using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Accounts;
using Portal.Dispatch;
using Portal.Members;
using Portal.Tenants;
using Portal.Vault;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>A pair that does not open, or may not be used: nothing leaves, and the account says why.</summary>
public sealed class CannotSignTests(PortalFixture portal) : DispatchTest(portal)
{
    [Fact]
    public async Task A_staging_copy_with_the_root_key_sends_nothing_even_when_nothing_holds_it()
    {
        var sending = await PreparedAsync("Hello", await ListAsync(20));
        await using var staging = Portal.Build(services => services.AddDispatchHost().PostConfigure<VaultOptions>(o => o.Environment = "staging"));

        await RunAsync(staging, async () => await StateAsync() == "vault");

        Assert.Equal((0L, 2L), ((await LedgerAsync()).GetProperty("accepted").GetInt64(), await PlannedAsync(sending)));
    }

    [Fact]
    public async Task An_instance_without_the_new_root_key_sends_nothing_and_stops_no_account()
    {
        var lines = $"{Roots}\n2:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";
        await using var both = Portal.Build(services => services.AddSingleton<IRootKeys>(FileRootKeys.Parse(lines)));
        await both.GetRequiredService<RewrapKeys>().RunAsync(Ct);
        var sending = await PreparedAsync("Hello", await ListAsync(20));
        await using var old = Portal.Build(services => services.AddDispatchHost());

        // It claims, cannot sign, and gives the claims back for later.
        await RunAsync(old, () => OneAsync<bool>("select bool_and(b.state = 'planned' and b.not_before > s.created_at + interval '1 second') from app.batches b join app.sendings s on s.id = b.sending_id where b.sending_id = $1", sending));

        Assert.Equal(("active", 0L), (await AccountAsync("state"), (await LedgerAsync()).GetProperty("accepted").GetInt64()));
        await using var back = Portal.Build(services => services.AddSingleton<IRootKeys>(FileRootKeys.Parse($"{lines}\nactive 1")));
        Assert.Equal(0, (await back.GetRequiredService<RewrapKeys>().RunAsync(Ct)).Left);
    }

    [Fact]
    public async Task A_host_that_an_operator_takes_away_is_called_no_more()
    {
        var host = ProviderHosts.Of(new Uri(Provider));
        var change = Get<ChangeProviderHosts>();
        Assert.Equal("host_form", (await change.RunAsync(Operator.Console, Owner.TenantId, ["http://x/"], Ct)).Problems[0].Code);
        Assert.True((await change.RunAsync(Operator.Console, Owner.TenantId, [host, "API.Example.com"], Ct)).Ok);
        await using var strict = Portal.Build(services => services.AddDispatchHost().PostConfigure<ProviderOptions>(o => o.AllowedHosts = []));
        Assert.Equal(["api.example.com", host], (await strict.GetRequiredService<AllowedHosts>().ListAsync(Owner, Ct))!.OrderDescending());
        Assert.True((await strict.GetRequiredService<CheckAgain>().RunAsync(Owner, Account, Ct)).Value.Passed);
        Assert.True((await change.RunAsync(Operator.Console, Owner.TenantId, ["api.example.com"], Ct)).Ok);
        var sending = await PreparedAsync("Hello", await ListAsync(20));

        await RunAsync(strict, async () => await StateAsync() == "host");

        Assert.Equal((0L, 2L), ((await LedgerAsync()).GetProperty("accepted").GetInt64(), await PlannedAsync(sending)));
        Assert.Equal("host_not_allowed_now", (await strict.GetRequiredService<CheckAgain>().RunAsync(Owner, Account, Ct)).Problems[0].Code);
        Assert.Equal("host_not_allowed_now", (await strict.GetRequiredService<ReplaceKeyPair>().RunAsync(Owner, Account, new("a", "b"), Ct)).Problems[0].Code);
        var added = await strict.GetRequiredService<AddAccount>().RunAsync(Owner, new(new AccountSettings("Other"), Provider, AccountKind.Both, new("key", "secret")), Ct);
        Assert.Equal(("BaseAddress", "host_not_allowed"), (Assert.Single(added.Problems).Field, added.Problems[0].Code));
        Assert.Equal([host, "api.example.com"], added.Problems[0].Values);

        // Allowed again, a passing check lets it go on.
        await change.RunAsync(Operator.Console, Owner.TenantId, [host], Ct);
        Assert.True((await strict.GetRequiredService<CheckAgain>().RunAsync(Owner, Account, Ct)).Value.Passed);
        Assert.Equal("active", await AccountAsync("state"));
    }

    private const string Roots = "1:BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=";

    private static async Task RunAsync(ServiceProvider portal, Func<Task<bool>> until)
    {
        var services = portal.GetServices<IHostedService>().ToArray();
        foreach (var service in services)
            await service.StartAsync(Ct);
        await UntilAsync(until, "it comes to a stop");
        foreach (var service in services)
            await service.StopAsync(Ct);
    }

    private async Task<string?> StateAsync() => await AccountAsync("stopped_code");

    private Task<string?> AccountAsync(string column) => OneAsync<string?>($"select {column} from app.accounts where id = $1", Account);

    private Task<long> PlannedAsync(Guid sending) => OneAsync<long>("select count(*) from app.batches where sending_id = $1 and state = 'planned'", sending);
}
