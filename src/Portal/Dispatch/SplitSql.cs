using Npgsql;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>Lets a batch go on as smaller ones.</summary>
internal static class SplitSql
{
    /// <summary>claimed → split, its pieces planned.</summary>
    /// <param name="lasts">The last ordinal of each piece; the batch's own is the last of them.</param>
    /// <returns>False: it is in one piece already, or an earlier attempt may have been sent: evidence belongs to the batch as it was.</returns>
    public static async Task<bool> ClaimedAsync(NpgsqlConnection connection, TenantScope scope, Guid accountId, Lease lease, ClaimedBatch batch, int[] lasts, CancellationToken ct)
    {
        if (lasts.Length < 2 || lasts[0] == batch.LastOrdinal || batch.Settled > 0)
            return false;
        var split = await connection.RunAsync(ct, """
            update app.batches set state = 'split', changed_at = clock_timestamp()
            where tenant_id = $1 and sending_id = $2 and batch_no = $3 and state = 'claimed' and fence = $4
              and not exists (select from app.attempts a where a.tenant_id = $1 and a.sending_id = $2 and a.batch_no = $3 and a.state = 'in_doubt')
            """, scope.TenantId, batch.SendingId, batch.BatchNo, lease.Fence);
        if (split == 0)
            return false;
        await PiecesAsync(connection, scope.TenantId, accountId, batch, lasts, ct);
        // A search for a bad number ends here: what it put off goes by itself.
        await FindBadNumber.ReleaseAsync(connection, scope, accountId, ct);
        return true;
    }

    private static Task<int> PiecesAsync(NpgsqlConnection connection, Guid tenantId, Guid accountId, ClaimedBatch batch, int[] lasts, CancellationToken ct) =>
        connection.RunAsync(ct, $"""
            with numbered as (
                update app.sendings set batches = batches + cardinality($5::int[]) where tenant_id = $1 and id = $2 returning batches - cardinality($5::int[]) as first)
            insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, numbers, text_no, state, fence, attempts, not_before, changed_at)
            select $1, $2, first + p.place::int - 1, $3, p.first_ordinal, p.last_ordinal, part.numbers, $6, 'planned', 0, 0, '-infinity', clock_timestamp()
            from numbered,
                 (select place, last as last_ordinal, coalesce(lag(last) over (order by place) + 1, $4) as first_ordinal from unnest($5::int[]) with ordinality l (last, place)) p,
                 lateral {BatchMessages.Part("p.first_ordinal", "p.last_ordinal")} part
            """, tenantId, batch.SendingId, accountId, batch.FirstOrdinal, lasts, batch.TextNo);
}
