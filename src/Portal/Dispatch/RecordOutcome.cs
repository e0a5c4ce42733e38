using Npgsql;
using Portal.Data;
using Portal.Live;

namespace Portal.Dispatch;

/// <summary>
/// Writes what became of an attempt. An outcome is evidence: it is written by the attempt's key, whatever the lease says
/// by now, and may move a batch from dispatching, or from in doubt (a late reply), to accepted or refused.
/// </summary>
internal sealed class RecordOutcome(Databases databases, LiveFeed live)
{
    private static readonly TimeSpan _longestDelay = TimeSpan.FromMinutes(1);

    public async Task RunAsync(TenantScope scope, Guid accountId, ClaimedBatch batch, int numbers, Outcome outcome, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var was = await LockAsync(connection, scope, batch, ct);
        if (was is not ("dispatching" or "in_doubt") || !await WriteAttemptAsync(connection, scope, batch, outcome, ct))
            return;
        // Recovery called it in doubt already; that this side does not know either adds nothing.
        if (was == "in_doubt" && outcome.Kind == OutcomeKind.InDoubt)
            return;
        await MoveBatchAsync(connection, scope, batch, outcome, ct);
        await CountAsync(connection, scope, batch, numbers, outcome, was == "in_doubt", ct);
        if (outcome.Kind == OutcomeKind.Halves)
            await SplitAsync(connection, scope, accountId, batch, ct);
        await CancelSql.LeftoversAsync(connection, scope.TenantId, batch.SendingId, ct);
        await transaction.CommitAsync(ct);
        live.Publish(scope.TenantId, batch.SendingId);
    }

    private static Task<string?> LockAsync(NpgsqlConnection connection, TenantScope scope, ClaimedBatch batch, CancellationToken ct) =>
        connection.ScalarAsync<string>(ct, """
            select state from app.batches where tenant_id = $1 and sending_id = $2 and batch_no = $3 and attempts = $4 for update
            """, scope.TenantId, batch.SendingId, batch.BatchNo, batch.AttemptNo);

    private static async Task<bool> WriteAttemptAsync(NpgsqlConnection connection, TenantScope scope, ClaimedBatch batch, Outcome outcome, CancellationToken ct)
    {
        var state = outcome switch
        {
            { Kind: OutcomeKind.Accepted } => "accepted",
            { Kind: OutcomeKind.InDoubt } => "in_doubt",
            { Kind: OutcomeKind.Again, Code: null } => "not_sent",
            _ => "refused",
        };
        return await connection.RunAsync(ct, """
            update app.attempts set state = $5, ended_at = clock_timestamp(), code = $6, why = $7, http_status = $8, task_id = $9, valid_number = $10, segments = $11
            where tenant_id = $1 and sending_id = $2 and batch_no = $3 and attempt_no = $4 and state in ('dispatching', 'in_doubt')
            """, scope.TenantId, batch.SendingId, batch.BatchNo, batch.AttemptNo, state, outcome.Code, outcome.Why,
            outcome.Answer?.HttpStatus, outcome.Answer?.TaskId, outcome.Answer?.ValidNumber, outcome.Answer?.Segments) > 0;
    }

    private static Task MoveBatchAsync(NpgsqlConnection connection, TenantScope scope, ClaimedBatch batch, Outcome outcome, CancellationToken ct)
    {
        var state = outcome.Kind switch
        {
            OutcomeKind.Accepted => "accepted",
            OutcomeKind.Refused => "refused",
            OutcomeKind.InDoubt => "in_doubt",
            OutcomeKind.Halves => "split",
            _ => "planned",
        };
        return connection.RunAsync(ct, """
            update app.batches set state = $4, why = $5, not_before = clock_timestamp() + $6, changed_at = clock_timestamp()
            where tenant_id = $1 and sending_id = $2 and batch_no = $3
            """, scope.TenantId, batch.SendingId, batch.BatchNo, state, outcome.Why ?? outcome.Code, DelayOf(batch, outcome));
    }

    private static TimeSpan DelayOf(ClaimedBatch batch, Outcome outcome) =>
        outcome.Kind != OutcomeKind.Again ? TimeSpan.Zero
        : outcome.SlowDown ? TimeSpan.FromMilliseconds(500)
        : outcome.StopCode is not null ? TimeSpan.Zero
        : TimeSpan.FromSeconds(Math.Min(_longestDelay.TotalSeconds, Math.Pow(2, Math.Min(batch.Attempts, 10))));

    /// <summary>People move between the columns. Of a doubt that is settled late, those with a receipt of their own were counted as settled before.</summary>
    private static async Task CountAsync(NpgsqlConnection connection, TenantScope scope, ClaimedBatch batch, int numbers, Outcome outcome, bool wasInDoubt, CancellationToken ct)
    {
        var (accepted, refused, inDoubt) = outcome.Kind switch
        {
            OutcomeKind.Accepted => (numbers, 0, 0),
            OutcomeKind.Refused => (0, numbers, 0),
            OutcomeKind.InDoubt => (0, 0, numbers),
            _ => (0, 0, 0),
        };
        var settled = 0;
        if (wasInDoubt)
        {
            inDoubt -= numbers;
            settled = await SettledAsync(connection, scope, batch, ct);
            // A refusal after receipts of its people: those stay sent.
            if (outcome.Kind != OutcomeKind.Accepted)
                (accepted, refused) = (accepted + settled, Math.Max(0, refused - settled));
        }
        if (accepted == 0 && refused == 0 && inDoubt == 0)
            return;
        await connection.RunAsync(ct, """
            update app.sending_counts set accepted = accepted + $3, refused = refused + $4, in_doubt = in_doubt + $5,
                   doubt_settled = doubt_settled - $6, segments = segments + $7
            where tenant_id = $1 and sending_id = $2
            """, scope.TenantId, batch.SendingId, accepted, refused, inDoubt, settled, outcome.Kind == OutcomeKind.Accepted ? outcome.Answer?.Segments ?? 0 : 0);
    }

    private static Task<int> SettledAsync(NpgsqlConnection connection, TenantScope scope, ClaimedBatch batch, CancellationToken ct) =>
        connection.ScalarAsync<int>(ct, $"""
            select count(*)::int from app.batches b cross join {BatchMessages.Of("b", "$3")} m
            where b.tenant_id = $1 and b.sending_id = $2 and b.batch_no = $4
              and exists (select from app.receipts r where r.tenant_id = $1 and r.month = $3 and r.sending_id = $2 and r.number = m.number offset 0)
            """, scope.TenantId, batch.SendingId, batch.Month, batch.BatchNo);

    private static Task<int> SplitAsync(NpgsqlConnection connection, TenantScope scope, Guid accountId, ClaimedBatch batch, CancellationToken ct)
    {
        var middle = batch.FirstOrdinal + (batch.LastOrdinal - batch.FirstOrdinal) / 2;
        return connection.RunAsync(ct, """
            with numbered as (
                update app.sendings set batches = batches + 2 where tenant_id = $1 and id = $2 returning batches - 2 as first)
            insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, text_no, first_number, last_number, state, fence, attempts, not_before, changed_at)
            select $1, $2, n.first + half, $3, case half when 0 then $4 else $5 + 1 end, case half when 0 then $5 else $6 end, $7, b.first_number, b.last_number, 'planned', 0, 0, '-infinity', clock_timestamp()
            from numbered n, generate_series(0, 1) half, app.batches b
            where b.tenant_id = $1 and b.sending_id = $2 and b.batch_no = $8
            """, scope.TenantId, batch.SendingId, accountId, batch.FirstOrdinal, middle, batch.LastOrdinal, batch.TextNo, batch.BatchNo);
    }
}
