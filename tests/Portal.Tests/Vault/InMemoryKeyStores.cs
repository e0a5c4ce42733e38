using System.Collections.Concurrent;
using Portal.Vault;

namespace Portal.Tests.Vaults;

internal sealed class InMemoryTenantKeys : ITenantKeyStore
{
    public ConcurrentDictionary<(Guid Tenant, int Version), WrappedTenantKey> Keys { get; } = new();

    public ConcurrentDictionary<Guid, byte[]> RandomParts { get; } = new();

    public Task<WrappedTenantKey?> ReadAsync(Guid tenantId, int? version, CancellationToken cancellationToken) =>
        Task.FromResult(Keys.Values
            .Where(key => key.TenantId == tenantId && (version is null || key.Version == version))
            .MaxBy(key => key.Version));

    public Task<byte[]?> ReadRandomPartAsync(Guid tenantId, CancellationToken cancellationToken) =>
        Task.FromResult(RandomParts.GetValueOrDefault(tenantId));

    public Task AddAsync(WrappedTenantKey key, byte[] randomPart, CancellationToken cancellationToken)
    {
        if (!RandomParts.GetOrAdd(key.TenantId, randomPart).AsSpan().SequenceEqual(randomPart))
            throw new InvalidOperationException("The tenant has another random part.");
        if (!Keys.TryAdd((key.TenantId, key.Version), key))
            throw new InvalidOperationException("The tenant has this version.");
        return Task.CompletedTask;
    }

    public Task DeleteAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        RandomParts.TryRemove(tenantId, out _);
        foreach (var place in Keys.Keys.Where(place => place.Tenant == tenantId))
            Keys.TryRemove(place, out _);
        return Task.CompletedTask;
    }
}

internal sealed class InMemorySystemKeys : ISystemKeyStore
{
    private int _reads;

    public ConcurrentDictionary<(string Purpose, int Version), SystemKey> Keys { get; } = new();

    public int Reads => _reads;

    /// <summary>Called before a read answers: lets a test hold two callers at the same point.</summary>
    public Func<Task> BeforeAnswer { get; set; } = () => Task.CompletedTask;

    public async Task<IReadOnlyList<SystemKey>> ReadAsync(string purpose, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        // Oldest first: the vault must not count on the store's order.
        var answer = Keys.Values.Where(key => key.Purpose == purpose).OrderBy(key => key.Version).ToList();
        await BeforeAnswer();
        return answer;
    }

    public Task<bool> TryAddAsync(SystemKey key, CancellationToken cancellationToken) =>
        Task.FromResult(Keys.TryAdd((key.Purpose, key.Version), key));
}
