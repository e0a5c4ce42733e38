using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Accounts;
using Portal.Data;
using Portal.Members;
using Portal.Simulator;
using Portal.Tenants;

namespace Portal.IntegrationTests.Accounts;

/// <summary>The use cases of accounts over a database of their own and a simulator over HTTP, whose clock can be set.</summary>
public abstract class AccountsTest(PortalFixture portal) : IClassFixture<PortalFixture>, IAsyncLifetime
{
    protected const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly FakeTimeProvider _simulatorClock = new(TimeProvider.System.GetUtcNow());
    private readonly HttpClient _console = new();
    private WebApplication? _simulator;
    private ServiceProvider? _services;

    protected PortalFixture Portal => portal;

    protected string BaseAddress => _simulator!.Urls.First();

    /// <summary>Each test has its own: one provider knows them all.</summary>
    protected string ApiKey { get; } = Convert.ToBase64String(Guid.NewGuid().ToByteArray());

    protected static CancellationToken Ct => CancellationToken.None;

    public async Task InitializeAsync()
    {
        _simulator = SimulatorApp.Create(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Error"], _simulatorClock);
        await _simulator.StartAsync();
        _services = Build();
        await AtProviderAsync(ApiKey);
    }

    public async Task DisposeAsync()
    {
        await _services!.DisposeAsync();
        await _simulator!.DisposeAsync();
        _console.Dispose();
    }

    protected T Get<T>() where T : notnull => _services!.GetRequiredService<T>();

    protected ServiceProvider Build(Action<ProviderOptions>? change = null) => portal.Build(services =>
    {
        if (change is not null)
            services.PostConfigure(change);
    });

    protected async Task<Member> NewTenantAsync()
    {
        var owner = await portal.NewTenantAsync();
        await Get<Vault.Vault>().CreateTenantKeyAsync(owner.TenantId, Ct);
        return owner;
    }

    /// <summary>Puts an account into the simulator, or changes it: <c>new { whitelist = "…" }</c>.</summary>
    protected async Task AtProviderAsync(string apikey, string secret = Secret, string whitelist = "", string kind = "both", bool active = true, bool hasSecret = true)
    {
        using var answer = await _console.PutAsJsonAsync($"{BaseAddress}/accounts", new { apikey, secret, whitelist, kind, active, hasSecret });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    protected async Task FaultAsync(object fault)
    {
        using var answer = await _console.PostAsJsonAsync($"{BaseAddress}/faults", fault);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    protected void MoveProvidersClock(TimeSpan by) => _simulatorClock.Advance(by);

    protected async Task<string> LedgerAsync() => await _console.GetStringAsync($"{BaseAddress}/ledger");

    protected AddAccountInput Input(string? apiKey = null, string secret = Secret, string? baseAddress = null, string label = "Lantern SEA", AccountKind kind = AccountKind.Both) =>
        new(new AccountSettings(label), baseAddress ?? BaseAddress, kind, new TypedKeyPair(apiKey ?? ApiKey, secret));

    protected Task<Result<Guid>> AddAsync(Member member, AddAccountInput? input = null) => Get<AddAccount>().RunAsync(member, input ?? Input(), Ct);

    protected async Task<AccountView> PageAsync(Member member, Guid id) => (await Get<AccountPage>().RunAsync(member, id, Ct))!;

    protected async Task<int> CountAsync(Member member)
    {
        await using var db = Get<PortalDbFactory>().Create(member.Scope);
        return await db.Set<Account>().CountAsync();
    }

    protected async Task<string[]> AuditAsync(Member member, Guid account)
    {
        await using var db = Get<PortalDbFactory>().Create(member.Scope);
        return await db.Set<Portal.Audit.AuditEntry>().Where(e => e.SubjectId == account).OrderBy(e => e.At).ThenBy(e => e.Id).Select(e => e.Action).ToArrayAsync();
    }

    /// <summary>The accounts that a receipt with this apikey finds, as the applier asks.</summary>
    protected async Task<Guid[]> RouteAsync(string apiKey)
    {
        var found = new List<Guid>();
        foreach (var index in await Get<Vault.Vault>().IndexAsync(System.Text.Encoding.UTF8.GetBytes(apiKey), Ct))
        {
            await using var command = portal.Databases[DatabaseRole.Applier].CreateCommand("select account_id from infra.resolve_apikeys(array[$1])");
            command.Parameters.Add(new() { Value = index.Hash });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                found.Add(reader.GetGuid(0));
        }
        return [.. found];
    }
}
