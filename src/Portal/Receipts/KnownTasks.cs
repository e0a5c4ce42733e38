using Npgsql;
using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>The people that a taskid of an account can be about: those of a batch.</summary>
/// <param name="Open">Not all of them count as accepted by their batch: a receipt may be what counts one.</param>
/// <param name="Settled">Its batch was accepted.</param>
/// <param name="Cleared">Its receipts are kept no longer: one that comes now would count its message anew.</param>
internal sealed record TaskRange(DateOnly Month, Guid SendingId, int BatchNo, int FirstOrdinal, bool Open, bool Settled, bool Cleared);

/// <summary>The requests that taskids lead to: by their reply, or by evidence.</summary>
internal sealed class KnownTasks
{
    // Taskids first, then what they lead to, each by its key (limit 1): whoever makes up a taskid for each receipt would have each
    // compared with all batches, where the planner does not know yet how many there are.
    private const string Find = $"""
        with q as materialized (select t.account_id, t.task_id, q.sending_id, q.batch_no from unnest($2, $3) as t (account_id, task_id) {ReceiptSql.Requests})
        select q.account_id, q.task_id, s.month, q.sending_id, q.batch_no, b.first_ordinal, b.state <> 'accepted' or b.attempts > 1, b.state = 'accepted', s.receipts_cleared_at is not null
        from q
        cross join lateral (select * from app.batches x where x.tenant_id = $1 and x.sending_id = q.sending_id and x.batch_no = q.batch_no limit 1) b
        cross join lateral (select * from app.sendings x where x.tenant_id = $1 and x.id = q.sending_id limit 1) s
        """;

    private readonly Dictionary<(Guid AccountId, string TaskId), List<TaskRange>> _ranges = [];

    private KnownTasks()
    {
    }

    /// <summary>Every taskid leads to a request, and none of them to one whose people a receipt may count.</summary>
    public bool AllPlain { get; private set; }

    public IEnumerable<TaskRange> All => _ranges.Values.SelectMany(ranges => ranges);

    public bool AllSettled => All.All(r => r.Settled);

    public Guid[] Sendings => [.. All.Select(r => r.SendingId).Distinct()];

    public IReadOnlyList<TaskRange> Of(Delivery delivery) => _ranges.GetValueOrDefault(delivery.Task) ?? [];

    public static async Task<KnownTasks> FindAsync(NpgsqlConnection connection, Guid tenantId, IReadOnlyList<Delivery> deliveries, CancellationToken ct)
    {
        var known = new KnownTasks();
        var tasks = deliveries.Select(d => d.Task).Distinct().ToList();
        await using var command = connection.Sql(Find, tenantId, tasks.Select(t => t.AccountId).ToArray(), tasks.Select(t => t.TaskId).ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var task = (reader.GetGuid(0), reader.GetString(1));
            if (!known._ranges.TryGetValue(task, out var ranges))
                known._ranges[task] = ranges = [];
            ranges.Add(new TaskRange(reader.GetFieldValue<DateOnly>(2), reader.GetGuid(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetBoolean(6), reader.GetBoolean(7), reader.GetBoolean(8)));
        }
        known.AllPlain = known._ranges.Count == tasks.Count && known.All.All(r => !r.Open);
        return known;
    }
}
