using Npgsql;
using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>
/// Applies receipts that may count their message as accepted: those of requests in doubt, refused, sent again or split, and
/// those with an unknown taskid, which may be evidence. In one transaction, one tenant's at a time.
/// </summary>
internal sealed class ApplyToOpen(MatchRows match, FindEvidence evidence)
{
    /// <returns>Those that matched a message.</returns>
    public async Task<List<MatchRow>> RunAsync(NpgsqlConnection connection, Guid tenantId, List<Delivery> deliveries, ReceiptPlace place, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await WriteReceipts.LineUpAsync(connection, tenantId, half: null, ct);
        var known = await KnownTasks.FindAsync(connection, tenantId, deliveries, ct);
        var strays = deliveries.FindAll(d => known.Of(d).Count == 0 && d.Account == d.Read.Owner);
        if (strays.Count > 0)
        {
            await evidence.RunAsync(connection, tenantId, strays, ct);
            known = await KnownTasks.FindAsync(connection, tenantId, deliveries, ct);
        }
        known = await LockAsync(connection, tenantId, deliveries, known, ct);
        var rows = await match.FindAsync(connection, tenantId, deliveries, known, ct);
        if (rows.Count > 0)
            await WriteReceipts.RunAsync(connection, tenantId, rows, place, allFirst: false, ct);
        await transaction.CommitAsync(ct);
        return rows;
    }

    // Batches that are not accepted are locked first, then the counters, as outcomes do: their people may be counted here.
    private static async Task<KnownTasks> LockAsync(NpgsqlConnection connection, Guid tenantId, List<Delivery> deliveries, KnownTasks known, CancellationToken ct)
    {
        if (known.Sendings.Length == 0)
            return known;
        if (!known.AllSettled)
        {
            var tasks = deliveries.Select(d => d.Task).Distinct().ToList();
            await connection.RunAsync(ct, $"""
                with known as materialized (select q.sending_id, q.batch_no from unnest($2, $3) t (account_id, task_id) {ReceiptSql.Requests})
                select from app.batches b
                where b.tenant_id = $1 and b.state <> 'accepted' and (b.sending_id, b.batch_no) in (select k.sending_id, k.batch_no from known k)
                order by b.sending_id, b.batch_no for update
                """, tenantId, tasks.ConvertAll(t => t.AccountId).ToArray(), tasks.ConvertAll(t => t.TaskId).ToArray());
            known = await KnownTasks.FindAsync(connection, tenantId, deliveries, ct);
        }
        await connection.RunAsync(ct, "select from app.sending_counts where tenant_id = $1 and sending_id = any ($2) order by sending_id for update", tenantId, known.Sendings);
        return known;
    }
}
