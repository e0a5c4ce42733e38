using Npgsql;
using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>
/// Tries parked receipts again because an operator wants it (<see cref="ReplayParked"/>), in the order in which they came. Their
/// own times stay as they are. What found its message is not parked any more, so a replay that is repeated finds nothing.
/// </summary>
internal sealed class ReplayReceipts(ParkReceipts park, ReadReceipts read, ApplyGroup apply, ReceiptTally tally)
{
    private const string Open = "select id, reason, done_to, up_to from infra.receipt_replays where finished_at is null and cancelled_at is null";

    private const string Move = "update infra.receipt_replays set done_to = $2, tried = tried + $3, matched = matched + $4 where id = $1";

    /// <summary>One group of the replay that is under way.</summary>
    /// <returns>False: none is.</returns>
    public async Task<bool> StepAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        // Asked before each step: it may have been cancelled.
        if (await OpenAsync(connection, ct) is not { } replay)
            return false;
        var (receipts, last) = await park.TakeAsync(replay.Reason, replay.DoneTo, replay.UpTo, ct);
        if (last is not { } to)
        {
            await connection.RunAsync(ct, "update infra.receipt_replays set finished_at = clock_timestamp() where id = $1 and cancelled_at is null", replay.Id);
            return true;
        }
        var group = await read.RunAsync(connection, receipts, ct);
        var (left, failed) = await apply.RunAsync(group, ReceiptPlace.Parked, ct);
        var matched = group.Count - left.Count - failed.Count;
        tally.FoundLater(matched);
        await connection.RunAsync(ct, Move, replay.Id, to, (long)group.Count, (long)matched);
        return true;
    }

    private static async Task<OpenReplay?> OpenAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Open, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new(reader.GetGuid(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3))
            : null;
    }

    private sealed record OpenReplay(Guid Id, string? Reason, long DoneTo, long UpTo);
}
