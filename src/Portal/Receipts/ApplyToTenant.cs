using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data;
using Portal.Dispatch;
using Portal.Live;
using Portal.Sms.Provider;

namespace Portal.Receipts;

/// <summary>
/// Applies receipts as one tenant, in one transaction: matches them to messages by account, taskid and number, writes them,
/// moves the counters by what changed, and takes them out of where they waited. A receipt moves its own message forward and
/// does nothing else; applied again it changes nothing.
/// </summary>
internal sealed class ApplyToTenant(Databases databases, FindEvidence evidence, LiveFeed live, IOptions<ReceiptsOptions> options)
{
    /// <param name="asEvidence">Receipts with an unknown taskid may show that a request in doubt was sent.</param>
    /// <returns>The receipts that matched a message; the others stay where they are.</returns>
    public async Task<HashSet<long>> RunAsync(Guid tenantId, IReadOnlyList<Delivery> deliveries, ReceiptPlace place, bool asEvidence, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Applier, new TenantScope(tenantId), ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var known = await KnownTasks.FindAsync(connection, tenantId, deliveries, ct);
        var strays = asEvidence ? deliveries.Where(d => known.Of(d).Count == 0 && d.Account == d.Read.Owner).ToList() : [];
        if (strays.Count > 0)
        {
            await evidence.RunAsync(connection, tenantId, strays, ct);
            known = await KnownTasks.FindAsync(connection, tenantId, deliveries, ct);
        }
        known = await LockAsync(connection, tenantId, deliveries, known, ct);
        var rows = await MatchRows.FindAsync(connection, tenantId, deliveries, known, ct);
        var (matched, sendings) = (new HashSet<long>(), new HashSet<Guid>());
        foreach (var month in rows.GroupBy(r => r.Range.Month))
            await ApplyAsync(connection, tenantId, month.Key, [.. month], place, matched, sendings, ct);
        if (strays.Count > 0 || place == ReceiptPlace.Parked)
            await FindEvidence.ForgetAsync(connection, tenantId, [.. matched], TimeSpan.FromHours(options.Value.ParkedHours), ct);
        await transaction.CommitAsync(ct);
        foreach (var sending in sendings)
            live.Publish(tenantId, sending);
        return matched;
    }

    // Two transactions with receipts of one message must not both think that it had none: the sending's counters line them up.
    // Batches that are not accepted are locked first, as outcomes do: their people may be counted here.
    private static async Task<KnownTasks> LockAsync(NpgsqlConnection connection, Guid tenantId, IReadOnlyList<Delivery> deliveries, KnownTasks known, CancellationToken ct)
    {
        if (!known.AllSettled)
        {
            var tasks = deliveries.Select(d => d.Task).Distinct().ToList();
            await connection.RunAsync(ct, $"""
                select from app.batches b
                where b.tenant_id = $1 and b.state <> 'accepted'
                  and (b.sending_id, b.batch_no) in (select q.sending_id, q.batch_no from unnest($2, $3) t (account_id, task_id) {ReceiptSql.Requests})
                order by b.sending_id, b.batch_no for update
                """, tenantId, tasks.Select(t => t.AccountId).ToArray(), tasks.Select(t => t.TaskId).ToArray());
            known = await KnownTasks.FindAsync(connection, tenantId, deliveries, ct);
        }
        await connection.RunAsync(ct, "select from app.sending_counts where tenant_id = $1 and sending_id = any ($2) order by sending_id for update", tenantId, known.Sendings);
        return known;
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Guid tenantId, DateOnly month, List<MatchRow> rows, ReceiptPlace place, HashSet<long> matched, HashSet<Guid> sendings, CancellationToken ct)
    {
        await using var command = connection.Sql(ReceiptSql.Apply(place, rows.Exists(r => r.Range.Open)), tenantId, month,
            rows.Select(r => r.Delivery.Stored.Id).ToArray(),
            rows.Select(r => r.Delivery.Account.AccountId).ToArray(),
            rows.Select(r => r.Range.SendingId).ToArray(),
            rows.Select(r => r.Range.FirstOrdinal).ToArray(),
            rows.Select(r => r.Range.LastOrdinal).ToArray(),
            rows.Select(r => r.Range.Open).ToArray(),
            rows.Select(r => r.Number).ToArray(),
            rows.Select(r => r.Delivery.Receipt.TaskId).ToArray(),
            rows.Select(r => r.Delivery.Receipt.Masked).ToArray(),
            rows.Select(r => r.Delivery.Receipt.Status).ToArray(),
            rows.Select(r => r.Delivery.Receipt.Times).ToArray(),
            rows.Select(r => MeaningOf(r.Delivery.Receipt.Status)).ToArray(),
            rows.Select(r => r.Delivery.Stored.ReceivedAt).ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            matched.Add(reader.GetInt64(0));
            sendings.Add(reader.GetGuid(1));
        }
    }

    private static string MeaningOf(string status) => Words.Of(ReceiptWords.Meaning(status) switch
    {
        Sms.Provider.ReceiptMeaning.Delivered => ReceiptMeaning.Delivered,
        Sms.Provider.ReceiptMeaning.Undelivered => ReceiptMeaning.Undelivered,
        Sms.Provider.ReceiptMeaning.NotFinal => ReceiptMeaning.NotFinal,
        _ => ReceiptMeaning.Failed,
    });
}
