using Npgsql;
using Portal.Accounts;
using Portal.Benchmarks.Rig;
using Portal.Tenants;

namespace Portal.Benchmarks.Bench;

/// <summary>A database, a provider and accounts of their own, and processes that send.</summary>
internal sealed class DispatchScene : IAsyncDisposable
{
    private const int TimeoutSeconds = 10;
    private readonly List<Child> _senders = [];

    private DispatchScene(Scratch scratch, Provider provider) =>
        (Scratch, Provider, Rig) = (scratch, provider, new ProductRig(scratch, TimeoutSeconds));

    public Scratch Scratch { get; }

    public Provider Provider { get; }

    public ProductRig Rig { get; }

    public List<Line> Lines { get; } = [];

    /// <summary>An account of a tenant of its own.</summary>
    public sealed record Line(Member Owner, Guid Account, string ApiKey);

    public static async Task<DispatchScene> CreateAsync(int latencyMs, CancellationToken ct)
    {
        var scratch = await Scratch.CreateAsync(ct);
        var provider = await Provider.StartAsync(latencyMs, 100_000, ct);
        await provider.WarmUpAsync(ct);
        return new DispatchScene(scratch, provider);
    }

    public async Task<Line> AddAsync(int rate, int batch, int concurrency, CancellationToken ct)
    {
        var owner = await Rig.TenantAsync(ct);
        // The provider is no stricter here: what is measured is how exactly we keep to the limit.
        var pair = await Provider.AccountAsync(100_000, ct);
        var account = await Rig.AccountAsync(owner, Provider.Address, pair, new AccountSettings("Run", rate, concurrency, batch), ct);
        Lines.Add(new Line(owner, account, pair.ApiKey));
        return Lines[^1];
    }

    public Child StartSender()
    {
        _senders.Add(Sender.Start(Scratch, TimeoutSeconds));
        return _senders[^1];
    }

    public async Task<T> OneAsync<T>(string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(Scratch.Options.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Waits until at least so many requests were let go.</summary>
    public Task UntilBegunAsync(long attempts, TimeSpan atMost, CancellationToken ct) => Wait.UntilAsync(
        async c => await OneAsync<long>("select count(*) from app.attempts", c) >= attempts, atMost,
        () => "The senders do not get on:\n" + string.Join('\n', _senders.Select(s => s.Tail)), ct);

    public async ValueTask DisposeAsync()
    {
        foreach (var sender in _senders)
            await sender.DisposeAsync();
        await Rig.DisposeAsync();
        await Provider.DisposeAsync();
        await Scratch.DisposeAsync();
    }
}
