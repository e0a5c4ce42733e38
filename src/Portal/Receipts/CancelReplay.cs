using Portal.Data;
using Portal.Dispatch;
using Portal.Members;

namespace Portal.Receipts;

/// <summary>Ends a replay of parked receipts before its next group: for operators. What was applied stays so. <c>replay_over</c>.</summary>
public sealed class CancelReplay(Databases databases)
{
    private const string Cancel = """
        update infra.receipt_replays set cancelled_at = clock_timestamp(), cancelled_by = $2, cancelled_by_name = $3
        where id = $1 and finished_at is null and cancelled_at is null
        """;

    public async Task<Result<Guid>> RunAsync(Operator by, Guid id, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var connection = await databases[DatabaseRole.Operator].OpenConnectionAsync(ct);
        return await connection.RunAsync(ct, Cancel, id, by.ActorId, by.Name) > 0 ? id : new Problem("", "replay_over");
    }
}
