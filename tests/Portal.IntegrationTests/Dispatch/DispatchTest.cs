using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Portal.Accounts;
using Portal.Data;
using Portal.Dispatch;
using Portal.Receipts;
using Portal.Simulator;
using Portal.Tenants;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>The engine over a database of its own and a simulator over HTTP, whose ledger is the judge.</summary>
public abstract class DispatchTest(PortalFixture portal) : IClassFixture<PortalFixture>, IAsyncLifetime
{
    private readonly HttpClient _console = new();
    private WebApplication? _simulator;
    private ServiceProvider? _services;

    protected PortalFixture Portal => portal;

    protected Member Owner { get; private set; } = null!;

    protected Guid Account { get; private set; }

    protected string ApiKey { get; } = Convert.ToBase64String(Guid.NewGuid().ToByteArray());

    protected static CancellationToken Ct => CancellationToken.None;

    protected string Provider { get; private set; } = "http://127.0.0.1:0";

    public async Task InitializeAsync()
    {
        // What was sent is counted by the day: enough of the tenant's one must be left.
        await UntilAsync(() => portal.Database.AdminScalarAsync<bool>("select (clock_timestamp() at time zone 'Asia/Shanghai')::time < '23:59:15'"), "the next day has begun", seconds: 60);
        await StartProviderAsync();
        _services = portal.Build(services => Change(services.AddDispatchHost().AddReceiptInbox().AddReceiptApplier()
            .Configure<DispatchOptions>(o => o.ChunkSize = 100)
            .Configure<ProviderOptions>(o => o.RequestTimeoutSeconds = 2)));
        Owner = await portal.NewTenantAsync();
        var added = await Get<AddAccount>().RunAsync(Owner, new AddAccountInput(new AccountSettings("Test") { Rate = 200, Concurrency = 50, BatchSize = 10 }, Provider, AccountKind.Both, new TypedKeyPair(ApiKey, "0123456789abcdef0123456789abcdef")), Ct);
        Account = added.Value;
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        await _services!.DisposeAsync();
        await _simulator!.DisposeAsync();
        _console.Dispose();
    }

    /// <summary>Each time at the same address, with an empty ledger.</summary>
    protected async Task StartProviderAsync()
    {
        // It knows the account before it answers its first request.
        _simulator = SimulatorApp.Create(["--urls", Provider, "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Error",
            $"--Accounts:0:apikey={ApiKey}", "--Accounts:0:secret=0123456789abcdef0123456789abcdef", "--Accounts:0:rate=1000", "--Accounts:0:concurrency=200", .. ProviderSettings]);
        await _simulator.StartAsync();
        Provider = _simulator.Urls.First();
    }

    /// <summary>Connections to it are refused from then on.</summary>
    protected async Task StopProviderAsync() => await _simulator!.DisposeAsync();

    /// <summary>What a test sets at the simulator.</summary>
    protected virtual string[] ProviderSettings => [];

    /// <summary>What a test replaces.</summary>
    protected virtual void Change(IServiceCollection services)
    {
    }

    protected T Get<T>() where T : notnull => _services!.GetRequiredService<T>();

    /// <summary>Starts the loops, the inbox and the applier.</summary>
    protected async Task StartAsync()
    {
        foreach (var service in _services!.GetServices<IHostedService>())
            await service.StartAsync(Ct);
    }

    protected async Task StopAsync()
    {
        foreach (var service in _services!.GetServices<IHostedService>())
            await service.StopAsync(Ct);
    }

    /// <summary>A list of <paramref name="people"/> contacts named p0, p1 …; numbers start at 8619800000000 + <paramref name="from"/>.</summary>
    protected async Task<Guid> ListAsync(int people, int from = 0)
    {
        var list = Guid.CreateVersion7();
        await using var connection = await portal.Databases.OpenAsync(DatabaseRole.App, Owner.Scope, Ct);
        await connection.RunAsync(Ct, """
            insert into app.lists (tenant_id, id, name, created_at) values ($1, $2, $2::text, now())
            """, Owner.TenantId, list);
        await connection.RunAsync(Ct, """
            with added as (
                insert into app.contacts (tenant_id, id, number, fields, created_at)
                select $1, gen_random_uuid(), (8619800000000 + $4 + n)::text, jsonb_build_object('name', 'p' || n), now() from generate_series(0, $3 - 1) n
                on conflict (tenant_id, number) do update set fields = excluded.fields returning id, number)
            insert into app.list_members (tenant_id, list_id, contact_id, number) select $1, $2, id, number from added
            """, Owner.TenantId, list, people, from);
        return list;
    }

    protected Task<Guid> SendingAsync(string text, params Guid[] lists) => SendingAsync(text, 10, null, lists);

    protected async Task<Guid> SendingAsync(string text, int batchSize, SendingPace? pace, params Guid[] lists)
    {
        var now = TimeProvider.System.GetUtcNow();
        var sending = Sending.Create(Owner.TenantId, Account, SendingKind.Campaign, text, lists, batchSize, now, now, pace);
        await using var db = new PortalDbFactory(portal.Databases).Create(Owner.Scope);
        db.AddRange(sending, new SendingCounts { TenantId = Owner.TenantId, SendingId = sending.Id });
        await db.SaveChangesAsync();
        return sending.Id;
    }

    protected Task<Guid> PreparedAsync(string text, params Guid[] lists) => PreparedAsync(text, 10, null, lists);

    protected async Task<Guid> PreparedAsync(string text, int batchSize, SendingPace? pace, params Guid[] lists)
    {
        var sending = await SendingAsync(text, batchSize, pace, lists);
        await Get<PrepareSending>().RunAsync(Owner.Scope, sending, Ct);
        return sending;
    }

    private protected async Task<SignedBatch> SignedAsync(Lease lease, ClaimedBatch batch) =>
        Assert.Single(await Get<SignBatches>().RunAsync(Owner.Scope, Account, lease, [batch], Ct));

    /// <returns>Null: begun; else the word of <c>app.begin_attempt</c>.</returns>
    private protected async Task<string?> BeginAsync(Lease lease, ClaimedBatch batch)
    {
        using var signed = await SignedAsync(lease, batch);
        var ticket = (await Get<RestoreFence>().TakeAsync(Ct))!;
        return await Get<BeginAttempt>().RunAsync(Owner.Scope, Account, lease, signed, ticket, TimeProvider.System.GetUtcNow(), Ct);
    }

    protected async Task PutAsync(string path, object body)
    {
        using var answer = await _console.PutAsJsonAsync($"{Provider}/{path}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    protected async Task PostAsync(string path, object body)
    {
        using var answer = await _console.PostAsJsonAsync($"{Provider}/{path}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    protected async Task ClearFaultsAsync() => (await _console.DeleteAsync($"{Provider}/faults")).EnsureSuccessStatusCode();

    protected async Task<JsonElement> LedgerAsync() => await _console.GetFromJsonAsync<JsonElement>($"{Provider}/ledger");

    /// <summary>Each acceptance of a number by the provider.</summary>
    protected Task<JsonElement> LedgerOfAsync(string number) => _console.GetFromJsonAsync<JsonElement>($"{Provider}/ledger/numbers/{number}?apikey={Uri.EscapeDataString(ApiKey)}");

    /// <summary>How often each number was accepted by the provider.</summary>
    protected async Task<Dictionary<string, int>> LedgerNumbersAsync()
    {
        var lines = await _console.GetStringAsync($"{Provider}/ledger/numbers?apikey={Uri.EscapeDataString(ApiKey)}");
        return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => l.Split(' ')).ToDictionary(l => l[0], l => int.Parse(l[1]), StringComparer.Ordinal);
    }

    protected async Task<T> OneAsync<T>(string sql, params object?[] values)
    {
        await using var connection = await portal.Databases.OpenAsync(DatabaseRole.App, Owner.Scope, Ct);
        return (await connection.ScalarAsync<T>(Ct, sql, values))!;
    }

    protected Task<long> BatchesAsync(Guid sending, string state) =>
        OneAsync<long>("select count(*) from app.batches where sending_id = $1 and state = $2", sending, state);

    protected async Task<SendingCounts> CountsAsync(Guid sending)
    {
        await using var db = new PortalDbFactory(portal.Databases).Create(Owner.Scope);
        return (await db.FindAsync<SendingCounts>([Owner.TenantId, sending]))!;
    }

    /// <summary>The counters are what the rows come to.</summary>
    protected async Task AssertCountsAsync(Guid sending)
    {
        Assert.Equal(await OneAsync<string>(Recount.Sql, sending), Recount.Of(await CountsAsync(sending)));
        Assert.Equal(0L, await OneAsync<long>(Recount.Unsettled, sending));
    }

    /// <summary>Takes a receipt in as the webhook does.</summary>
    protected async Task PushAsync(string task, string mobile, string status = "DELIVRD", string? apiKey = null, string? token = null)
    {
        var body = $$"""{ "apikey":"{{apiKey ?? ApiKey}}", "taskid":"{{task}}", "mobile":"{{mobile}}", "status":"{{status}}", "times":"2026-11-22 17:42", }""";
        Assert.True(await Get<ReceiptInbox>().StoreAsync(System.Text.Encoding.UTF8.GetBytes(body), System.Net.IPAddress.Loopback, token));
    }

    protected Task UntilInboxEmptyAsync() =>
        UntilAsync(async () => await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.receipt_inbox") == 0, "the inbox is empty");

    protected static async Task UntilAsync(Func<Task<bool>> holds, string what, int seconds = 20)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(seconds), $"Not within {seconds} s: {what}");
            await Task.Delay(25);
        }
    }

    /// <summary>
    /// Until nothing of it is left to do. A sending that waits for a limit is looked at again within a minute: here at once, and
    /// again and again, since a batch that was refused before the limit was raised may still say that the sending waits.
    /// </summary>
    protected Task UntilQuietAsync(Guid sending) => UntilAsync(async () =>
    {
        await Portal.Database.AdminAsync($"update app.sendings set waits_until = now() where id = '{sending}' and waits_until > now()");
        return await OneAsync<long>("select count(*) from app.batches where sending_id = $1 and state in ('planned', 'claimed', 'dispatching')", sending) == 0;
    }, "the sending has nothing left to do");
}
