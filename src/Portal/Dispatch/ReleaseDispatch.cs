using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Data;
using Portal.Live;
using Portal.Members;

namespace Portal.Dispatch;

/// <param name="Doubted">Batches that are in doubt now, by sending.</param>
/// <param name="Paused">Sendings that were still being prepared: a person resumes or cancels them.</param>
public sealed record ReleasedDispatch(string Why, IReadOnlyList<RestoredSending> Doubted, int Paused);

/// <param name="Batches">How many were planned, claimed or dispatching at the point that was restored.</param>
public sealed record RestoredSending(Guid TenantId, Guid SendingId, int Batches, int People);

/// <summary>
/// Ends the hold after a restore. What was planned or under way at the point that was restored may have been sent after it,
/// so it goes in doubt first; only when an operator knows that it was not, it stays planned.
/// </summary>
public sealed class ReleaseDispatch
{
    private readonly FenceStore _store;
    private readonly FenceMarks _marks;
    private readonly RestoredDoubts _doubts;
    private readonly Databases _databases;
    private readonly LiveFeed _live;
    private readonly TimeProvider _clock;
    private readonly ILogger<ReleaseDispatch> _log;

    internal ReleaseDispatch(FenceStore store, FenceMarks marks, RestoredDoubts doubts, Databases databases, LiveFeed live, TimeProvider clock, ILogger<ReleaseDispatch> log) =>
        (_store, _marks, _doubts, _databases, _live, _clock, _log) = (store, marks, doubts, databases, live, clock, log);

    /// <summary>Why nothing is sent: what no instance has noticed yet is noticed here. Null: nothing is held.</summary>
    /// <exception cref="FenceStoreException">The store cannot be read.</exception>
    internal async Task<string?> HeldAsync(CancellationToken ct)
    {
        using var locked = await _store.LockAsync(ct);
        return await HoldAsync(ct);
    }

    /// <param name="resumePlanned">What was planned or claimed is sent after all.</param>
    /// <exception cref="FenceStoreException">The store cannot be read or written; nothing is released.</exception>
    internal async Task<Result<ReleasedDispatch>> RunAsync(Operator by, bool resumePlanned, CancellationToken ct)
    {
        using var locked = await _store.LockAsync(ct);
        if (await HoldAsync(ct) is not { } why)
            return new Problem("", "dispatch_not_held");
        var released = new ReleasedDispatch(why, [], 0);
        if (!resumePlanned)
            released = await DoubtAsync(released, ct);
        await OpenAsync(by, ct);
        DispatchLog.Released(_log, why, by.Name, released.Doubted.Sum(d => d.Batches));
        return released;
    }

    // Stays in the database: whatever fails from here on, nothing is sent.
    private async Task<string?> HoldAsync(CancellationToken ct)
    {
        var (outside, letOut) = (_store.Read(), _marks.Read());
        await using var connection = await _databases[DatabaseRole.Dispatch].OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var inside = await FenceFacts.LockAsync(connection, ct);
        if (await HoldReason.FindAsync(connection, inside, outside, letOut, ct) is not { } why)
            return null;
        await FenceFacts.HoldAsync(connection, why, ct);
        await transaction.CommitAsync(ct);
        return why;
    }

    private async Task<ReleasedDispatch> DoubtAsync(ReleasedDispatch released, CancellationToken ct)
    {
        var (doubted, paused) = (new List<RestoredSending>(), 0);
        foreach (var (scope, sending) in await UnfinishedAsync(ct))
        {
            var (batches, people, wasPaused) = await _doubts.RunAsync(scope, sending, ct);
            if (batches > 0)
                doubted.Add(new(scope.TenantId, sending, batches, people));
            paused += wasPaused ? 1 : 0;
            _live.Publish(scope.TenantId, sending);
        }
        return released with { Doubted = doubted, Paused = paused };
    }

    private async Task<List<(TenantScope Scope, Guid Sending)>> UnfinishedAsync(CancellationToken ct)
    {
        var found = new List<(TenantScope, Guid)>();
        await using var command = _databases[DatabaseRole.Dispatch].CreateCommand("select tenant_id, sending_id from infra.unfinished_sendings()");
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            found.Add((new(reader.GetGuid(0)), reader.GetGuid(1)));
        return found;
    }

    private async Task OpenAsync(Operator by, CancellationToken ct)
    {
        await using var connection = await _databases[DatabaseRole.Dispatch].OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var inside = await FenceFacts.LockAsync(connection, ct);
        var to = Math.Max(inside.ReservedTo, _store.Read()?.ReservedTo ?? 0);
        _marks.Clear();
        _store.Write(inside.Record(to, _clock.GetUtcNow()));
        await inside.ReserveAsync(connection, to, ct);
        await connection.RunAsync(ct, """
            update infra.dispatch_state set held_why = null, held_at = null, released_by = $1, released_at = clock_timestamp()
            """, by.Name);
        await transaction.CommitAsync(ct);
    }
}
