using Npgsql;

namespace Portal.Dispatch;

/// <summary>Plans the two halves of a batch that is split.</summary>
internal static class SplitSql
{
    public static Task<int> HalvesAsync(NpgsqlConnection connection, Guid tenantId, Guid accountId, ClaimedBatch batch, CancellationToken ct)
    {
        var middle = batch.FirstOrdinal + (batch.LastOrdinal - batch.FirstOrdinal) / 2;
        return connection.RunAsync(ct, $"""
            with numbered as (
                update app.sendings set batches = batches + 2 where tenant_id = $1 and id = $2 returning batches - 2 as first)
            insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, numbers, text_no, state, fence, attempts, not_before, changed_at)
            select $1, $2, first + h.half, $3, h.first_ordinal, h.last_ordinal, part.numbers, $7, 'planned', 0, 0, '-infinity', clock_timestamp()
            from numbered, (values (0, $4::int, $5::int), (1, $5 + 1, $6::int)) h (half, first_ordinal, last_ordinal),
                 lateral {BatchMessages.Part("h.first_ordinal", "h.last_ordinal")} part
            """, tenantId, batch.SendingId, accountId, batch.FirstOrdinal, middle, batch.LastOrdinal, batch.TextNo);
    }
}
