using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>The right to one attempt: its number, and the server's life for which the database was checked.</summary>
/// <param name="Block">The first number of its block.</param>
internal sealed record DispatchTicket(string Life, long Number, long Block);

/// <summary>
/// Sends nothing from a database that went back in time. Once a second, and for each block of numbers, the database is held
/// against the store outside; what does not fit puts the database on hold, for every instance, until an operator releases it.
/// When the store cannot be read or written this instance waits, and goes on by itself.
/// </summary>
public sealed class RestoreFence : IDisposable
{
    /// <summary>Numbers that are reserved at once.</summary>
    internal const int BlockSize = 10_000;

    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);
    private readonly FenceStore _store;
    private readonly FenceMarks _marks;
    private readonly FenceLives _lives;
    private readonly Databases _databases;
    private readonly TimeProvider _clock;
    private readonly ILogger<RestoreFence> _log;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Block? _block;
    private volatile Block? _open;
    private long _checked;
    private string? _said;

    internal RestoreFence(FenceStore store, FenceMarks marks, FenceLives lives, Databases databases, TimeProvider clock, ILogger<RestoreFence> log) =>
        (_store, _marks, _lives, _databases, _clock, _log) = (store, marks, lives, databases, clock, log);

    /// <summary>The server's life for which sending is open; null: it is held, or cannot be known.</summary>
    internal async ValueTask<string?> LifeAsync(CancellationToken ct) => (await OpenAsync(null, ct))?.Life;

    /// <summary>The next number. Null: nothing may be sent now.</summary>
    internal async ValueTask<DispatchTicket?> TakeAsync(CancellationToken ct)
    {
        Block? usedUp = null;
        while (await OpenAsync(usedUp, ct) is { } block)
        {
            if (block.Next() is { } number)
                return new(block.Life, number, block.First);
            usedUp = block;
        }
        return null;
    }

    /// <summary>After the commit and before the first byte: false when it could not be noted outside, and nothing may leave.</summary>
    internal bool Mark(DispatchTicket ticket, TenantScope scope, ClaimedBatch batch)
    {
        try
        {
            _marks.Write(ticket.Block, new(ticket.Number, scope.TenantId, batch.SendingId, batch.BatchNo, batch.AttemptNo));
            return true;
        }
        catch (FenceStoreException e)
        {
            Say(e.Message);
            Volatile.Write(ref _checked, 0);
            return false;
        }
    }

    public void Dispose()
    {
        _lives.Dispose();
        _gate.Dispose();
    }

    private async ValueTask<Block?> OpenAsync(Block? usedUp, CancellationToken ct)
    {
        if (IsFresh(usedUp))
            return _open;
        await _gate.WaitAsync(ct);
        try
        {
            if (!IsFresh(usedUp))
                await CheckAsync(ct);
            return _open;
        }
        finally
        {
            _gate.Release();
        }
    }

    private bool IsFresh(Block? usedUp) =>
        Volatile.Read(ref _checked) is not 0 and var at && _clock.GetElapsedTime(at) < _every && (usedUp is null || _open != usedUp);

    private async Task CheckAsync(CancellationToken ct)
    {
        Block? open = null;
        try
        {
            open = await StillFitsAsync(ct) ?? await CompareAsync(ct);
            if (open is not null)
                await SayOpenAsync(ct);
        }
        catch (FenceStoreException e)
        {
            _lives.Dispose();
            Say(e.Message);
            await FenceTrouble.TellAsync(_databases, e.Message, ct);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            _lives.Dispose();
            DispatchLog.FenceNotAsked(_log, e);
        }
        finally
        {
            _open = open;
            Volatile.Write(ref _checked, _clock.GetTimestamp());
        }
    }

    /// <summary>
    /// All that is asked nearly every time, without a lock: an instance that falls asleep here keeps nobody waiting. Nobody
    /// reserves for another server while this process serves its life. Null: it must be asked properly, or does not fit.
    /// </summary>
    private async Task<Block?> StillFitsAsync(CancellationToken ct)
    {
        if (_block is not { UsedUp: false } block || !_lives.Serves(block.Life))
            return null;
        _marks.Flush();
        // What is outside first: whatever is noted there is in the database by then.
        var (outside, letOut) = (_store.Read(), _marks.Read());
        await using var connection = await _databases[DatabaseRole.Dispatch].OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var inside = await FenceFacts.ReadAsync(connection, ct);
        var same = inside.Life == block.Life && outside?.Life == block.Life;
        return same && await HoldReason.FindAsync(connection, inside, outside, letOut, ct) is null ? block : null;
    }

    private async Task<Block?> CompareAsync(CancellationToken ct)
    {
        using var locked = await _store.LockAsync(ct);
        _marks.Flush();
        var (outside, letOut) = (_store.Read(), _marks.Read());
        await using var connection = await _databases[DatabaseRole.Dispatch].OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var inside = await FenceFacts.LockAsync(connection, ct);
        if (await HoldReason.FindAsync(connection, inside, outside, letOut, ct) is { } why)
        {
            await FenceFacts.HoldAsync(connection, why, ct);
            await transaction.CommitAsync(ct);
            _lives.Serve(null);
            Say(why);
            return null;
        }
        if (_block is not { UsedUp: false } || _block.Life != inside.Life || outside?.Life != inside.Life)
            _block = await ReserveAsync(connection, transaction, inside, outside, ct);
        _lives.Serve(inside.Life);
        return _block;
    }

    private async Task<Block> ReserveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, FenceFacts inside, FenceRecord? outside, CancellationToken ct)
    {
        if (outside is not null && outside.Life != inside.Life)
        {
            _lives.Serve(null);
            if (!_lives.IsOver(outside.Life))
                throw new FenceStoreException($"Another server with this database is still being served from {_store.Folder}: this one waits until nobody serves that one any more.");
        }
        // Outside first. A block that stands outside only was nobody's: it is taken now.
        var to = outside?.ReservedTo > inside.ReservedTo ? outside.ReservedTo : inside.ReservedTo + BlockSize;
        _store.Write(inside.Record(to, _clock.GetUtcNow()));
        await inside.ReserveAsync(connection, to, ct);
        await transaction.CommitAsync(ct);
        _marks.Prune(_clock.GetUtcNow());
        return new Block(inside.Life, to - BlockSize + 1, to);
    }

    private void Say(string why)
    {
        if (_said != why)
            DispatchLog.Held(_log, why);
        _said = why;
    }

    private async Task SayOpenAsync(CancellationToken ct)
    {
        if (_said is null)
            return;
        _said = null;
        DispatchLog.HeldNoMore(_log);
        await FenceTrouble.TellAsync(_databases, null, ct);
    }

    private sealed class Block(string life, long first, long last)
    {
        private long _next = first - 1;

        public string Life => life;

        public long First => first;

        public bool UsedUp => Volatile.Read(ref _next) >= last;

        public long? Next() => Interlocked.Increment(ref _next) is var number && number <= last ? number : null;
    }
}
