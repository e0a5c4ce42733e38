using Npgsql;
using Portal.Contacts;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Receipts;

/// <summary>How receipts of an account come.</summary>
/// <param name="LastAt">When the newest one that found its message came; null: none ever did.</param>
/// <param name="LagMs">Milliseconds between its coming and its being counted.</param>
/// <param name="Accepted">Messages that the provider took, of sendings begun in the last 7 days.</param>
/// <param name="Without">How many of them have no final receipt.</param>
/// <param name="Silence">They should come, and do not.</param>
/// <param name="Test">The newest test message of the last 24 hours, and how far it came.</param>
public sealed record ReceiptFlow(DateTimeOffset? LastAt, int? LagMs, long Accepted, long Without, SilentAccount? Silence, TestRun? Test)
{
    /// <summary>0 to 1; null when nothing was accepted.</summary>
    public double? ShareWithout => Accepted > 0 ? (double)Without / Accepted : null;
}

/// <summary>Reads how receipts of an account come (role Viewer).</summary>
public sealed class AccountReceipts(Databases databases)
{
    private const string Flow = """
        select p.last_at, p.lag_ms, k.accepted, k.unanswered
        from (select coalesce(sum(c.accepted), 0)::bigint accepted, coalesce(sum(greatest(c.accepted - c.delivered - c.undelivered, 0)), 0)::bigint unanswered
              from app.sendings s join app.sending_counts c on c.tenant_id = $1 and c.sending_id = s.id
              where s.tenant_id = $1 and s.account_id = $2 and s.created_at > clock_timestamp() - interval '7 days') k
        left join app.receipt_pulses p on p.tenant_id = $1 and p.account_id = $2
        """;

    public async Task<ReceiptFlow> RunAsync(Member member, Guid accountId, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        var (lastAt, lagMs, accepted, without) = (await connection.QueryAsync(Read, Flow, [member.TenantId, accountId], ct))[0];
        var silence = await ReceiptSilence.ReadAsync(connection, member.TenantId, accountId, ct);
        return new(lastAt, lagMs, accepted, without, silence.FirstOrDefault(), await TestRun.ReadAsync(connection, member, accountId, ct));
    }

    private static (DateTimeOffset? LastAt, int? LagMs, long Accepted, long Without) Read(NpgsqlDataReader row) => (
        row.IsDBNull(0) ? null : row.GetFieldValue<DateTimeOffset>(0), row.IsDBNull(1) ? null : row.GetInt32(1), row.GetInt64(2), row.GetInt64(3));
}
