using Npgsql;
using Portal.Data;
using Portal.Dispatch;
using Portal.Members;

namespace Portal.Receipts;

/// <summary>
/// Has parked receipts tried again now, all or those of one reason: for operators. Whoever applies receipts does it, one replay
/// at a time; its row tells who asked, and what came of it. <c>replay_under_way</c>, <c>nothing_parked</c>.
/// </summary>
public sealed class ReplayParked(Databases databases)
{
    private const string Ask = """
        insert into infra.receipt_replays (id, reason, asked_by, asked_by_name, total, up_to)
        select $1, $2, $3, $4, count(*), max(p.id) from infra.parked_receipts p where $2::text is null or p.reason = $2 having count(*) > 0
        """;

    /// <param name="reason">A word of the list of parked ones; null: all.</param>
    public async Task<Result<Guid>> RunAsync(Operator by, string? reason, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        var id = Guid.CreateVersion7();
        await using var connection = await databases[DatabaseRole.Operator].OpenConnectionAsync(ct);
        try
        {
            if (await connection.RunAsync(ct, Ask, id, reason, by.ActorId, by.Name) == 0)
                return new Problem("", "nothing_parked");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return new Problem("", "replay_under_way");
        }
        return id;
    }
}
