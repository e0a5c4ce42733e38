using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Portal.Accounts;
using Portal.Campaigns;
using Portal.Data;
using Portal.Dispatch;
using Portal.Receipts;
using Portal.Simulator;
using Portal.Tenants;

namespace Portal.IntegrationTests.Restore;

/// <summary>A portal that sends over a cluster of its own; the simulator and the store outside outlive every restore.</summary>
internal sealed class RestoreRig : IAsyncDisposable
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private readonly HttpClient _console = new();
    private readonly string _fence = Directory.CreateTempSubdirectory("portal-fence-").FullName;
    private readonly string _apiKey = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
    private readonly WebApplication _simulator;
    private ServiceProvider? _portal;

    private RestoreRig(OwnCluster cluster, WebApplication simulator) => (Cluster, _simulator) = (cluster, simulator);

    public OwnCluster Cluster { get; }

    public string FenceDirectory => _fence;

    public Member Owner { get; private set; } = null!;

    public Guid Account { get; private set; }

    private static CancellationToken Ct => CancellationToken.None;

    /// <summary>A tenant with an account that sends 40 batches of 10 a second, and the portal running.</summary>
    public static async Task<RestoreRig> CreateAsync()
    {
        var simulator = SimulatorApp.Create(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Error"]);
        await simulator.StartAsync();
        var rig = new RestoreRig(await OwnCluster.CreateAsync(), simulator);
        var address = simulator.Urls.First();
        (await rig._console.PutAsJsonAsync($"{address}/accounts", new { apikey = rig._apiKey, secret = Secret, kind = "both", rate = 1000, concurrency = 200 })).EnsureSuccessStatusCode();
        var tenant = Guid.CreateVersion7();
        await rig.Cluster.SqlAsync($"""
            insert into ident.tenants (id, slug, name, state, created_at) values ('{tenant}', 'rig', 'Rig', 'active', now());
            insert into app.tenant_settings (tenant_id, time_zone, country, undo_seconds, doubt_pause) values ('{tenant}', 'UTC', 'CN', 0, 3);
            """);
        await rig.StartPortalAsync();
        await rig.Get<Vault.Vault>().CreateTenantKeyAsync(tenant, Ct);
        rig.Owner = new Member(tenant, Guid.CreateVersion7(), "Owner", MemberRole.Owner) { Confirmed = true };
        var input = new AddAccountInput(new AccountSettings("Rig") { Rate = 40, Concurrency = 50, BatchSize = 10 }, address, AccountKind.Both, new TypedKeyPair(rig._apiKey, Secret));
        rig.Account = (await rig.Get<AddAccount>().RunAsync(rig.Owner, input, Ct)).Value;
        return rig;
    }

    public T Get<T>() where T : notnull => _portal!.GetRequiredService<T>();

    public async Task StartPortalAsync(string database = "portal")
    {
        _portal = PortalFixture.Build(Cluster.Options(database), _fence, services => services.AddCampaigns().AddDispatchHost().AddReceiptInbox().AddReceiptApplier());
        foreach (var service in _portal.GetServices<IHostedService>())
            await service.StartAsync(Ct);
    }

    /// <summary>Open requests end first.</summary>
    public async Task StopPortalAsync()
    {
        if (_portal is null)
            return;
        foreach (var service in _portal.GetServices<IHostedService>())
            await service.StopAsync(Ct);
        await _portal.DisposeAsync();
        _portal = null;
    }

    /// <summary>A prepared sending to so many people, sent by the running portal.</summary>
    public async Task<Guid> SendAsync(int people, int from = 0)
    {
        var list = Guid.CreateVersion7();
        await using var connection = await Get<Databases>().OpenAsync(DatabaseRole.App, Owner.Scope, Ct);
        await connection.RunAsync(Ct, "insert into app.lists (tenant_id, id, name, created_at) values ($1, $2, $2::text, now())", Owner.TenantId, list);
        await connection.RunAsync(Ct, """
            with added as (
                insert into app.contacts (tenant_id, id, number, fields, created_at)
                select $1, gen_random_uuid(), (8619800000000 + $4 + n)::text, '{}', now() from generate_series(0, $3 - 1) n returning id, number)
            insert into app.list_members (tenant_id, list_id, contact_id, number) select $1, $2, id, number from added
            """, Owner.TenantId, list, people, from);
        var now = TimeProvider.System.GetUtcNow();
        var sending = Sending.Create(Owner.TenantId, Account, SendingKind.Campaign, "Hello", [list], 10, now, now);
        await using (var db = Get<PortalDbFactory>().Create(Owner.Scope))
        {
            db.AddRange(sending, new SendingCounts { TenantId = Owner.TenantId, SendingId = sending.Id });
            await db.SaveChangesAsync();
        }
        await Get<PrepareSending>().RunAsync(Owner.Scope, sending.Id, Ct);
        return sending.Id;
    }

    public Task PushReceiptAsync(string task, string number) => Get<ReceiptInbox>().StoreAsync(
        Encoding.UTF8.GetBytes($$"""{ "apikey":"{{_apiKey}}", "taskid":"{{task}}", "mobile":"{{number}}", "status":"DELIVRD", "times":"2026-11-22 17:42" }"""), IPAddress.Loopback, null);

    public async Task<long> RequestsAsync() => await LedgerAsync("requests");

    public async Task<long> DoubledAsync() => await LedgerAsync("doubled");

    public async Task<T> OneAsync<T>(string sql, params object?[] values)
    {
        await using var connection = await Get<Databases>().OpenAsync(DatabaseRole.Dispatch, Owner.Scope, Ct);
        return (await connection.ScalarAsync<T>(Ct, sql, values))!;
    }

    public Task<long> BatchesAsync(Guid sending, string states) =>
        OneAsync<long>("select count(*) from app.batches where sending_id = $1 and state = any ($2)", sending, states.Split(','));

    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), $"Not within 30 s: {what}");
            await Task.Delay(25);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopPortalAsync();
        await Cluster.DisposeAsync();
        await _simulator.DisposeAsync();
        _console.Dispose();
        Directory.Delete(_fence, recursive: true);
    }

    private async Task<long> LedgerAsync(string figure) => (await _console.GetFromJsonAsync<JsonElement>($"{_simulator.Urls.First()}/ledger")).GetProperty(figure).GetInt64();
}
