using Npgsql;

namespace Portal.Dispatch;

/// <summary>Calls planned batches of a cancelled sending off, and counts their people. Safe to repeat.</summary>
internal static class CancelSql
{
    public static Task<int> LeftoversAsync(NpgsqlConnection connection, Guid tenantId, Guid sendingId, CancellationToken ct) =>
        connection.RunAsync(ct, $"""
            with off as (
                update app.batches b set state = 'cancelled', changed_at = clock_timestamp()
                from app.sendings s
                where b.tenant_id = $1 and b.sending_id = $2 and b.state = 'planned'
                  and s.tenant_id = $1 and s.id = $2 and s.state = 'cancelled'
                returning b.last_ordinal - b.first_ordinal + 1 as people, b.sending_id, b.text_no, b.first_ordinal, b.last_ordinal, b.first_number, b.last_number, s.month),
            dropped as (
                select count(*) as people from off cross join {BatchMessages.Of("off", "off.month")} m
                join app.skips k on k.tenant_id = $1 and k.sending_id = $2 and k.number = m.number)
            update app.sending_counts set cancelled = cancelled + (select sum(people) from off) - (select people from dropped)
            where tenant_id = $1 and sending_id = $2 and exists (select from off)
            """, tenantId, sendingId);
}
