using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data;
using Portal.Live;

namespace Portal.Dispatch;

/// <summary>
/// Writes what became of an attempt. An outcome is evidence: it is written by the attempt's key, whatever the lease says
/// by now, and may move a batch from dispatching, or from in doubt (a late reply), to accepted or refused. What comes after a
/// person has decided is <see cref="LateOutcome"/>'s.
/// </summary>
internal sealed class RecordOutcome(Databases databases, FailPoint fail, LiveFeed live, IOptions<DispatchOptions> options)
{
    public async Task RunAsync(TenantScope scope, Guid accountId, ClaimedBatch batch, int numbers, Outcome outcome, CancellationToken ct)
    {
        fail.Pass(FailPoint.BeforeOutcome);
        if (outcome.Kind != OutcomeKind.Accepted || batch.LooksForBadNumber || !await AcceptAsync(scope, batch, numbers, outcome, ct))
            await SettleAsync(scope, accountId, batch, numbers, outcome, ct);
        live.Publish(scope.TenantId, batch.SendingId);
    }

    /// <summary>What nearly every request comes to (<c>app.accept_attempt</c>), in one round trip. False: it is not that simple.</summary>
    private async Task<bool> AcceptAsync(TenantScope scope, ClaimedBatch batch, int numbers, Outcome outcome, CancellationToken ct)
    {
        try
        {
            return await databases.OnceAsync<bool>(DatabaseRole.Dispatch, scope, ct, "select app.accept_attempt($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                batch.SendingId, batch.BatchNo, batch.AttemptNo, outcome.Code, outcome.Answer?.HttpStatus, outcome.Answer?.TaskId, outcome.Answer?.ValidNumber,
                outcome.Answer?.Segments, numbers + batch.Settled, outcome.Counts(numbers).NotTaken, outcome.OwnSegments);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.NoDataFound)
        {
            return false;
        }
    }

    private async Task SettleAsync(TenantScope scope, Guid accountId, ClaimedBatch batch, int numbers, Outcome outcome, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (was, settled) = await LockAsync(connection, scope, batch, ct);
        if (!await WriteAttemptAsync(connection, scope, batch, outcome, ct))
            return;
        // What was sent, or may have been, stays counted.
        var nothingLeft = outcome.Kind is not (OutcomeKind.Accepted or OutcomeKind.InDoubt);
        if (was is not ("dispatching" or "in_doubt"))
        {
            await LateOutcome.ApplyAsync(connection, scope, batch, numbers, outcome, ct);
            await GiveBackAsync(connection, scope, batch, nothingLeft, ct);
            await transaction.CommitAsync(ct);
            live.Publish(scope.TenantId, batch.SendingId);
            return;
        }
        // Recovery called it in doubt already; that this side does not know either adds nothing.
        if (was == "in_doubt" && outcome.Kind == OutcomeKind.InDoubt)
            return;
        // Refused this time, but an earlier attempt may have been sent: the batch is as much in doubt as before.
        if (outcome.Kind == OutcomeKind.Refused && batch.Attempts > 0 && await LateOutcome.EarlierDoubtAsync(connection, scope, batch, ct) is { } doubt)
            outcome = outcome with { Kind = OutcomeKind.InDoubt, Why = doubt };
        // Those that a receipt told of since the attempt began count as accepted already; when that is all, no doubt is left.
        var people = numbers + batch.Settled - settled;
        await MoveBatchAsync(connection, scope, batch, outcome, allTold: people == 0, ct);
        // Before the counters: whoever cancels locks the sending first, then the counters.
        await FindBadNumber.AfterAsync(connection, scope, accountId, batch, outcome, settled, ct);
        await CountAsync(connection, scope, batch, people, numbers, outcome, was == "in_doubt", ct);
        if (was == "in_doubt" && outcome.Kind is OutcomeKind.Again or OutcomeKind.Halves)
            await SendingRows.ReopenAsync(connection, scope.TenantId, batch.SendingId, ct);
        await CancelSql.LeftoversAsync(connection, scope.TenantId, batch.SendingId, ct);
        await GiveBackAsync(connection, scope, batch, nothingLeft, ct);
        await transaction.CommitAsync(ct);
    }

    // Last: a row of usage is locked after the sending's.
    private static async Task GiveBackAsync(NpgsqlConnection connection, TenantScope scope, ClaimedBatch batch, bool nothingLeft, CancellationToken ct)
    {
        if (nothingLeft)
            await connection.RunAsync(ct, "select app.give_quota_back($1, $2, $3, $4)", scope.TenantId, batch.SendingId, batch.BatchNo, batch.AttemptNo);
    }

    /// <returns>The batch's state if this is its newest attempt, and how many people receipts have told of.</returns>
    private static async Task<(string? State, int Settled)> LockAsync(NpgsqlConnection connection, TenantScope scope, ClaimedBatch batch, CancellationToken ct)
    {
        await using var command = connection.Sql("""
            select case when attempts = $4 then state end, settled from app.batches where tenant_id = $1 and sending_id = $2 and batch_no = $3 for update
            """, scope.TenantId, batch.SendingId, batch.BatchNo, batch.AttemptNo);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetInt32(1)) : (null, 0);
    }

    private static async Task<bool> WriteAttemptAsync(NpgsqlConnection connection, TenantScope scope, ClaimedBatch batch, Outcome outcome, CancellationToken ct)
    {
        var state = outcome switch
        {
            { Kind: OutcomeKind.Accepted } => "accepted",
            { Kind: OutcomeKind.InDoubt } => "in_doubt",
            { Kind: OutcomeKind.Again or OutcomeKind.Refused, Code: null } => "not_sent",
            _ => "refused",
        };
        return await connection.RunAsync(ct, """
            update app.attempts set state = $5, ended_at = clock_timestamp(), code = $6, why = $7, http_status = $8, task_id = $9, valid_number = $10, segments = $11
            where tenant_id = $1 and sending_id = $2 and batch_no = $3 and attempt_no = $4 and state in ('dispatching', 'in_doubt')
            """, scope.TenantId, batch.SendingId, batch.BatchNo, batch.AttemptNo, state, outcome.Code, outcome.Why,
            outcome.Answer?.HttpStatus, outcome.Answer?.TaskId, outcome.Answer?.ValidNumber, outcome.Answer?.Segments) > 0;
    }

    private Task MoveBatchAsync(NpgsqlConnection connection, TenantScope scope, ClaimedBatch batch, Outcome outcome, bool allTold, CancellationToken ct)
    {
        var state = outcome.Kind switch
        {
            OutcomeKind.Accepted => "accepted",
            OutcomeKind.InDoubt when allTold => "accepted",
            OutcomeKind.Refused => "refused",
            OutcomeKind.InDoubt => "in_doubt",
            OutcomeKind.Halves => "split",
            _ => "planned",
        };
        return connection.RunAsync(ct, """
            update app.batches set state = $4, why = $5, not_before = clock_timestamp() + $6, changed_at = clock_timestamp()
            where tenant_id = $1 and sending_id = $2 and batch_no = $3
            """, scope.TenantId, batch.SendingId, batch.BatchNo, state, allTold && outcome.Kind == OutcomeKind.InDoubt ? "receipts" : outcome.Why ?? outcome.Code, DelayOf(batch, outcome));
    }

    private TimeSpan DelayOf(ClaimedBatch batch, Outcome outcome) =>
        outcome.Kind != OutcomeKind.Again ? TimeSpan.Zero
        : outcome.SlowDown ? TimeSpan.FromMilliseconds(500)
        // The account is stopped in the next moment: not claimed again before that.
        : outcome.StopCode is not null ? TimeSpan.FromSeconds(1)
        : TimeSpan.FromSeconds(Math.Min(options.Value.LongestRetrySeconds, Math.Pow(2, Math.Min(batch.Attempts, 10))));

    /// <param name="people">Who moves: those of the batch whom no receipt has told of.</param>
    private static async Task CountAsync(NpgsqlConnection connection, TenantScope scope, ClaimedBatch batch, int people, int numbers, Outcome outcome, bool wasInDoubt, CancellationToken ct)
    {
        var (accepted, refused, inDoubt) = outcome.Kind switch
        {
            OutcomeKind.Accepted => (people, 0, 0),
            OutcomeKind.Refused => (0, people, 0),
            OutcomeKind.InDoubt => (0, 0, people),
            _ => (0, 0, 0),
        };
        if (wasInDoubt)
            inDoubt -= people;
        var (notTaken, segments, ownSegments) = outcome.Counts(numbers);
        if ((accepted, refused, inDoubt, notTaken, segments, ownSegments) == default)
            return;
        await connection.RunAsync(ct, """
            update app.sending_counts set accepted = accepted + $3, refused = refused + $4, in_doubt = in_doubt + $5,
                   not_taken = not_taken + $6, segments = segments + $7, own_segments = own_segments + $8
            where tenant_id = $1 and sending_id = $2
            """, scope.TenantId, batch.SendingId, accepted, refused, inDoubt, notTaken, segments, ownSegments);
    }
}
