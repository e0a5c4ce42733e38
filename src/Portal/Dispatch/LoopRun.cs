using Portal.Data;

namespace Portal.Dispatch;

/// <summary>What one run of an account's loop keeps: its lease, what it has open, its pace.</summary>
internal sealed record LoopRun(TenantScope Scope, Guid AccountId, Lease Lease, OpenRequests Open, Pacer Pacer, OpenWindow Window)
{
    /// <summary>Requests a second that the provider allows.</summary>
    public int Rate { get; set; }

    /// <summary>Open requests that the provider allows.</summary>
    public int Concurrency { get; set; }

    /// <summary>The sending that was claimed from last: the next one's turn comes first.</summary>
    public Guid Served { get; set; }

    /// <summary>Waits until one more request may be open.</summary>
    public async Task RoomAsync(CancellationToken ct)
    {
        while (Open.Count >= Window.Size(Pacer.Rate, Concurrency))
            await Open.NextAsync().WaitAsync(ct);
    }
}
