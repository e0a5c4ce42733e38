using Portal.Data;
using Portal.Members;

namespace Portal.Dispatch;

/// <summary>The hold as an operator sees it.</summary>
/// <param name="Why">A word of <see cref="HoldReason"/>, also when no instance has noticed it yet; null: it fits.</param>
/// <param name="ReservedOutside">Null: the store has no record.</param>
/// <param name="Sendings">Those that a release would put in doubt, or go on with.</param>
public sealed record DispatchState(string? Why, DateTimeOffset? Since, long ReservedInside, long? ReservedOutside, string Store, int Sendings);

/// <summary>Holds the database against the store without changing either.</summary>
public sealed class DispatchStatus
{
    private readonly FenceStore _store;
    private readonly FenceMarks _marks;
    private readonly Databases _databases;

    internal DispatchStatus(FenceStore store, FenceMarks marks, Databases databases) => (_store, _marks, _databases) = (store, marks, databases);

    public async Task<Result<DispatchState>> RunAsync(Operator by, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        try
        {
            using var locked = await _store.LockAsync(ct);
            return await ReadAsync(ct);
        }
        catch (FenceStoreException e)
        {
            return new Problem("", "dispatch_store", e.Message);
        }
    }

    private async Task<DispatchState> ReadAsync(CancellationToken ct)
    {
        var (outside, letOut) = (_store.Read(), _marks.Read());
        await using var connection = await _databases[DatabaseRole.Dispatch].OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var inside = await FenceFacts.LockAsync(connection, ct);
        var why = await HoldReason.FindAsync(connection, inside, outside, letOut, ct);
        var since = await connection.ScalarAsync<DateTime>(ct, "select held_at from infra.dispatch_state");
        var sendings = await connection.ScalarAsync<long>(ct, "select count(*) from infra.unfinished_sendings()");
        return new(why, since == default ? null : new DateTimeOffset(since), inside.ReservedTo, outside?.ReservedTo, _store.Folder, (int)sendings);
    }
}
