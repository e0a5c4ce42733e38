using Microsoft.Extensions.Options;

namespace Portal.Dispatch;

/// <summary>
/// The open provider requests of this process, shared between tenants: as long as another tenant has something to send,
/// nobody holds more than half of them. Places go to the waiting tenant that holds the fewest.
/// </summary>
internal sealed class ProcessShare(IOptions<DispatchOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, int> _joined = [];
    private readonly Dictionary<Guid, int> _held = [];
    private readonly LinkedList<Waiting> _waiting = new();
    private int _open;

    /// <summary>A loop of this tenant has something to send, until disposed.</summary>
    public IDisposable Join(Guid tenantId)
    {
        lock (_lock)
            _joined[tenantId] = _joined.GetValueOrDefault(tenantId) + 1;
        return new Once(() => Part(tenantId));
    }

    /// <summary>Waits for a place; dispose it when the request has ended.</summary>
    public async Task<IDisposable> EnterAsync(Guid tenantId, CancellationToken ct)
    {
        LinkedListNode<Waiting> node;
        lock (_lock)
        {
            node = _waiting.AddLast(new Waiting(tenantId));
            Admit();
        }
        await using var left = ct.Register(() => Leave(node, ct));
        return await node.Value.Place.Task;
    }

    private void Leave(LinkedListNode<Waiting> node, CancellationToken ct)
    {
        lock (_lock)
        {
            if (!node.Value.Place.TrySetCanceled(ct))
                return;
            _waiting.Remove(node);
            Admit();
        }
    }

    private void Free(Guid tenantId)
    {
        lock (_lock)
        {
            _open--;
            if (--_held[tenantId] == 0)
                _held.Remove(tenantId);
            Admit();
        }
    }

    private void Admit()
    {
        while (_open < options.Value.OpenRequests && Next() is { } node)
        {
            _waiting.Remove(node);
            _open++;
            _held[node.Value.TenantId] = Held(node.Value.TenantId) + 1;
            node.Value.Place.TrySetResult(Occupied(node.Value.TenantId));
        }
    }

    private Once Occupied(Guid tenantId) => new(() => Free(tenantId));

    private LinkedListNode<Waiting>? Next()
    {
        var most = _joined.Count > 1 ? Math.Max(1, options.Value.OpenRequests / 2) : options.Value.OpenRequests;
        LinkedListNode<Waiting>? best = null;
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (Held(node.Value.TenantId) < (best is null ? most : Held(best.Value.TenantId)))
                best = node;
        }
        return best;
    }

    private int Held(Guid tenantId) => _held.GetValueOrDefault(tenantId);

    private void Part(Guid tenantId)
    {
        lock (_lock)
        {
            if (--_joined[tenantId] == 0)
                _joined.Remove(tenantId);
            Admit();
        }
    }

    private sealed record Waiting(Guid TenantId)
    {
        public TaskCompletionSource<IDisposable> Place { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
