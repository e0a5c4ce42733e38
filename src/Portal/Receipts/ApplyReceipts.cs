using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Portal.Receipts;

/// <summary>
/// Takes receipts from the inbox, or from the parking place, and applies them. For one caller at a time; the next group is
/// read while the last two are applied.
/// </summary>
internal sealed class ApplyReceipts(
    ReadReceipts read, ApplyGroup apply, ParkReceipts park, ReplayReceipts replay, ReceiptTally tally, IOptions<ReceiptsOptions> options, TimeProvider clock, ILogger<ApplyReceipts> log)
{
    // While one group waits for the other's locks or for the disk, there is always one to be matched.
    private const int Deep = 2;
    private static readonly TimeSpan _turn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _dropEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _afterFailure = TimeSpan.FromSeconds(5);

    private readonly InboxCursor _cursor = new(clock);
    private bool _anew = true;
    private long? _failedAt;
    private long? _droppedAt;

    /// <summary>What lies in the inbox, for about a second; what matches nothing is parked, what fails stays and is tried again after a while.</summary>
    /// <param name="connection">For reading only.</param>
    /// <returns>How many receipts were taken.</returns>
    public async Task<int> InboxAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var taken = 0;
        _cursor.Begin(_anew || IsTimeForFailed());
        // Until this comes to its end, it may have read what it did not apply.
        _anew = true;
        await FlowAsync(() => TakeAsync(connection, ct), ReceiptPlace.Inbox, FinishAsync, ct);
        _anew = false;
        return taken;

        async Task FinishAsync(List<ReadReceipt> group, AppliedGroup applied)
        {
            taken += group.Count;
            await park.ParkAsync(applied.Left, ct);
            if (applied.Failed.Count > 0)
                _failedAt ??= clock.GetTimestamp();
            tally.Took(Without(group, applied.Failed), applied.Left);
            ReceiptsLog.Applied(log, group.Count - applied.Left.Count - applied.Failed.Count, applied.Left.Count);
        }
    }

    /// <summary>Parked receipts whose time has come, for about a second.</summary>
    /// <returns>False: there are more.</returns>
    public async Task<bool> ParkedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        ParkedPlace? place = ParkedPlace.First;
        await FlowAsync(TakeAsync, ReceiptPlace.Parked, FinishAsync, ct);
        if (place is null)
            await DropOldAsync(ct);
        return place is null;

        async Task<List<ReadReceipt>> TakeAsync()
        {
            var due = new List<StoredReceipt>();
            // A group of which none opens is not the end.
            while (due.Count == 0 && place is not null)
                (due, place) = await park.TakeDueAsync(place, ct);
            return due.Count == 0 ? [] : await read.RunAsync(connection, due, ct);
        }

        async Task FinishAsync(List<ReadReceipt> group, AppliedGroup applied)
        {
            tally.FoundLater(group.Count - applied.Left.Count - applied.Failed.Count);
            if (applied.Left.Count > 0)
                await park.WaitAsync(applied.Left, ct);
            if (applied.Failed.Count > 0)
                await park.TryAgainAsync(applied.Failed, ct);
        }
    }

    /// <summary>Parked receipts that an operator wants tried again, for about a second.</summary>
    /// <returns>False: there are more.</returns>
    public async Task<bool> ReplayAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        while (clock.GetElapsedTime(start) < _turn)
        {
            if (!await replay.StepAsync(connection, ct))
                return true;
        }
        return false;
    }

    /// <summary>Applies group after group for about a second: the next is taken while two are under way; they are finished in their order.</summary>
    /// <param name="takeAsync">An empty group is the end.</param>
    private async Task FlowAsync(Func<Task<List<ReadReceipt>>> takeAsync, ReceiptPlace place, Func<List<ReadReceipt>, AppliedGroup, Task> finishAsync, CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        var underWay = new Queue<(List<ReadReceipt> Group, Task<AppliedGroup> Applied)>();
        var next = takeAsync();
        try
        {
            while (await next is { Count: > 0 } group)
            {
                next = clock.GetElapsedTime(start) > _turn ? Task.FromResult<List<ReadReceipt>>([]) : takeAsync();
                if (underWay.Count == Deep)
                    await FinishAsync();
                underWay.Enqueue((group, Task.Run(() => apply.RunAsync(group, place, ct), ct)));
            }
            while (underWay.Count > 0)
                await FinishAsync();
        }
        finally
        {
            // The connection is somebody else's after this, and nothing is applied any more.
            await Task.WhenAll([next, .. underWay.Select(u => u.Applied)]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task FinishAsync()
        {
            var (group, applied) = underWay.Dequeue();
            await finishAsync(group, await applied);
        }
    }

    private static List<ReadReceipt> Without(List<ReadReceipt> group, List<ReadReceipt> failed)
    {
        if (failed.Count == 0)
            return group;
        var ids = failed.Select(f => f.Stored.Id).ToHashSet();
        return group.FindAll(r => !ids.Contains(r.Stored.Id));
    }

    private bool IsTimeForFailed()
    {
        if (_failedAt is not { } at || clock.GetElapsedTime(at) < _afterFailure)
            return false;
        _failedAt = null;
        return true;
    }

    private async Task DropOldAsync(CancellationToken ct)
    {
        if (_droppedAt is { } at && clock.GetElapsedTime(at) < _dropEvery)
            return;
        _droppedAt = clock.GetTimestamp();
        await park.DropOldAsync(ct);
    }

    private async Task<List<ReadReceipt>> TakeAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var stored = await _cursor.TakeAsync(connection, options.Value.Group, ct);
        return stored.Count == 0 ? [] : await read.RunAsync(connection, stored, ct);
    }
}
