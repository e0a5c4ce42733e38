using Npgsql;
using Portal.Contacts;
using Portal.Data;
using Portal.Members;

namespace Portal.Receipts;

/// <summary>A replay of parked receipts.</summary>
/// <param name="Reason">Those of which reason; null: all.</param>
/// <param name="Total">How many were parked when it was asked for; some may find their message by themselves meanwhile.</param>
/// <param name="Tried">So far.</param>
/// <param name="Matched">Found their message.</param>
public sealed record ReplayView(
    Guid Id, string? Reason, DateTimeOffset AskedAt, string AskedBy, long Total, long Tried, long Matched, DateTimeOffset? FinishedAt, DateTimeOffset? CancelledAt, string? CancelledBy)
{
    public bool IsOpen => FinishedAt is null && CancelledAt is null;
}

/// <summary>The last replays, newest first: for operators.</summary>
public sealed class ReplayList(Databases databases)
{
    private const string Sql = """
        select id, reason, asked_at, asked_by_name, total, tried, matched, finished_at, cancelled_at, cancelled_by_name
        from infra.receipt_replays order by asked_at desc limit 10
        """;

    public async Task<IReadOnlyList<ReplayView>> RunAsync(Operator by, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var connection = await databases[DatabaseRole.Operator].OpenConnectionAsync(ct);
        return await connection.QueryAsync(Read, Sql, [], ct);
    }

    private static ReplayView Read(NpgsqlDataReader r)
    {
        string? Text(int i) => r.IsDBNull(i) ? null : r.GetString(i);
        DateTimeOffset? At(int i) => r.IsDBNull(i) ? null : r.GetFieldValue<DateTimeOffset>(i);
        return new(r.GetGuid(0), Text(1), r.GetFieldValue<DateTimeOffset>(2), r.GetString(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), At(7), At(8), Text(9));
    }
}
