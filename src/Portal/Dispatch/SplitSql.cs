using Npgsql;

namespace Portal.Dispatch;

/// <summary>Plans the two halves of a batch that is split.</summary>
internal static class SplitSql
{
    public static Task<int> HalvesAsync(NpgsqlConnection connection, Guid tenantId, Guid accountId, ClaimedBatch batch, CancellationToken ct)
    {
        var middle = batch.FirstOrdinal + (batch.LastOrdinal - batch.FirstOrdinal) / 2;
        return connection.RunAsync(ct, """
            with numbered as (
                update app.sendings set batches = batches + 2 where tenant_id = $1 and id = $2 returning batches - 2 as first)
            insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, text_no, state, fence, attempts, not_before, changed_at)
            select $1, $2, first + half, $3, case half when 0 then $4 else $5 + 1 end, case half when 0 then $5 else $6 end, $7, 'planned', 0, 0, '-infinity', clock_timestamp()
            from numbered, generate_series(0, 1) half
            """, tenantId, batch.SendingId, accountId, batch.FirstOrdinal, middle, batch.LastOrdinal, batch.TextNo);
    }
}
