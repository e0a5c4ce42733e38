using Npgsql;
using Portal.Benchmarks.Rig;
using Portal.Tenants;

namespace Portal.Benchmarks.Chaos;

/// <summary>What every run begins with: a database, the provider, and a tenant whose account has a sending to send.</summary>
internal sealed class Stage(Scratch scratch, Provider provider, ProductRig rig, StagePlan plan, Member owner, Guid account, Books books) : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(4);

    public Provider Provider => provider;

    public StagePlan Plan => plan;

    public Scratch Scratch => scratch;

    public Books Books => books;

    /// <param name="addressOf">Where the account calls, from the provider's own address; null: there.</param>
    public static async Task<Stage> SetAsync(StagePlan plan, CancellationToken ct, Func<string, string>? addressOf = null)
    {
        var scratch = await Scratch.CreateAsync(ct);
        var provider = await Provider.StartAsync(plan.LatencyMs, plan.Rate * 2, ct);
        var rig = new ProductRig(scratch, plan.TimeoutSeconds);
        var owner = await rig.TenantAsync(ct);
        var settings = new Accounts.AccountSettings("Run", Rate: plan.Rate, BatchSize: plan.Batch);
        var account = await rig.AccountAsync(owner, addressOf?.Invoke(provider.Address) ?? provider.Address, (provider.ApiKey, provider.Secret), settings, ct);
        var sending = await rig.SendingAsync(owner, account, plan.Numbers, plan.Batch, ct);
        return new Stage(scratch, provider, rig, plan, owner, account, new Books(rig.Databases, owner, sending));
    }

    public Child Send(string? dieAt = null) => Sender.Start(scratch, plan.TimeoutSeconds, dieAt);

    /// <summary>The lease of the account, once somebody has taken it.</summary>
    public async Task<LeaseRow> LeaseAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(scratch.Options.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand("select fence, until, until < clock_timestamp() from infra.leases", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new LeaseRow(reader.GetInt64(0), reader.GetDateTime(1), reader.GetBoolean(2)) : throw new InvalidOperationException("There is no lease.");
    }

    /// <summary>Waits for so many further batches with an outcome, and for a request that is open just then; works through outages of the database.</summary>
    public async Task AdvanceAsync(int batches, Func<string> complaint, CancellationToken ct)
    {
        var before = await books.DoneAsync(ct);
        await Wait.ThroughOutagesAsync(async c => await books.DoneAsync(c) >= before + batches && (await books.OpenRequestsAsync(c)).Length > 0, _patience, complaint, ct);
    }

    /// <summary>Waits until nothing is planned, claimed or open. Where a code stopped the account, a person checks again.</summary>
    public Task FinishAsync(Func<string> complaint, CancellationToken ct) => Wait.ThroughOutagesAsync(
        async c =>
        {
            await rig.ResumeAsync(owner, account, c);
            return await books.BatchesAsync("planned,claimed,dispatching", c) == 0;
        }, _patience, complaint, ct);

    public async ValueTask DisposeAsync()
    {
        await rig.DisposeAsync();
        await provider.DisposeAsync();
        await scratch.DisposeAsync();
    }
}

/// <param name="Until">When it ends unless it is renewed; the least there is: it was given back.</param>
/// <param name="Over">By the database's clock.</param>
internal sealed record LeaseRow(long Fence, DateTime Until, bool Over);

/// <param name="Numbers">People that are written to.</param>
/// <param name="Batch">Numbers in a request.</param>
/// <param name="Rate">Requests a second.</param>
/// <param name="LatencyMs">Until the provider answers.</param>
/// <param name="TimeoutSeconds">Until the portal waits no longer.</param>
internal sealed record StagePlan(int Numbers, int Batch, int Rate, int LatencyMs, int TimeoutSeconds)
{
    public static StagePlan Read(Options options, int numbers, int batch, int rate, int latencyMs = 200, int timeoutSeconds = 5) => new(
        options.Number("numbers", numbers), options.Number("batch", batch), options.Number("rate", rate), options.Number("latency", latencyMs), options.Number("timeout", timeoutSeconds));
}
