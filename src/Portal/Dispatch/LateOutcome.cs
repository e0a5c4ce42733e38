using Npgsql;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// An outcome that comes when its batch does not wait for it any more: a person counted it as sent or sent it again, or all
/// its receipts came first. The attempt is written by then. Accepted makes the batch accepted, so that what is planned again
/// does not leave; a second accepted attempt is a double, and stays to be seen. That nothing was sent moves only a batch
/// that has no other attempt to rest on.
/// </summary>
internal static class LateOutcome
{
    public static async Task ApplyAsync(NpgsqlConnection connection, TenantScope scope, ClaimedBatch batch, int numbers, Outcome outcome, CancellationToken ct)
    {
        if (outcome.Kind == OutcomeKind.InDoubt)
            return;
        // Receipts of these people wait from here on, so that who is told of is counted once.
        await connection.RunAsync(ct, "select from app.sending_counts where tenant_id = $1 and sending_id = $2 for update", scope.TenantId, batch.SendingId);
        if (outcome.Kind == OutcomeKind.Accepted)
            await AcceptAsync(connection, scope, batch, outcome.Counts(numbers), ct);
        else
            await RefuseAsync(connection, scope, batch, outcome, ct);
    }

    /// <summary>
    /// Opens the newest doubt of the batch's earlier attempts again, if there is one: its reason, else null.
    /// </summary>
    public static Task<string?> EarlierDoubtAsync(NpgsqlConnection connection, TenantScope scope, ClaimedBatch batch, CancellationToken ct) =>
        connection.ScalarAsync<string>(ct, """
            update app.attempts set decided_at = null
            where tenant_id = $1 and sending_id = $2 and batch_no = $3 and state = 'in_doubt'
              and attempt_no = (select max(attempt_no) from app.attempts where tenant_id = $1 and sending_id = $2 and batch_no = $3 and state = 'in_doubt')
            returning why
            """, scope.TenantId, batch.SendingId, batch.BatchNo);

    private static Task AcceptAsync(NpgsqlConnection connection, TenantScope scope, ClaimedBatch batch, (int NotTaken, int Segments, int OwnSegments) more, CancellationToken ct) =>
        connection.RunAsync(ct, $"""
            with {_untold},
            moved as (
                update app.batches b set state = 'accepted', why = null, changed_at = clock_timestamp()
                from was where b.tenant_id = $1 and b.sending_id = $2 and b.batch_no = $3 and was.state <> 'split'
                returning was.state, was.people)
            update app.sending_counts
            set accepted = accepted + coalesce((select people from moved where state <> 'accepted'), 0),
                refused = refused - coalesce((select people from moved where state = 'refused'), 0),
                in_doubt = in_doubt - coalesce((select people from moved where state = 'in_doubt'), 0),
                cancelled = cancelled - coalesce((select people from moved where state = 'cancelled'), 0),
                not_taken = not_taken + $5, segments = segments + $6, own_segments = own_segments + $7
            where tenant_id = $1 and sending_id = $2
            """, scope.TenantId, batch.SendingId, batch.BatchNo, batch.Month, more.NotTaken, more.Segments, more.OwnSegments);

    private static Task RefuseAsync(NpgsqlConnection connection, TenantScope scope, ClaimedBatch batch, Outcome outcome, CancellationToken ct) =>
        connection.RunAsync(ct, $"""
            with {_untold},
            moved as (
                update app.batches b set state = 'refused', why = $5, settled = was.told, changed_at = clock_timestamp()
                from was where b.tenant_id = $1 and b.sending_id = $2 and b.batch_no = $3 and (was.state = 'in_doubt' or (was.state = 'accepted' and was.why = 'counted'))
                  and not exists (select from app.attempts a where a.tenant_id = $1 and a.sending_id = $2 and a.batch_no = $3 and a.state in ('dispatching', 'in_doubt', 'accepted'))
                returning was.state, was.people)
            update app.sending_counts c
            set refused = c.refused + moved.people,
                accepted = c.accepted - case when moved.state = 'accepted' then moved.people else 0 end,
                in_doubt = c.in_doubt - case when moved.state = 'in_doubt' then moved.people else 0 end
            from moved where c.tenant_id = $1 and c.sending_id = $2
            """, scope.TenantId, batch.SendingId, batch.BatchNo, batch.Month, outcome.Code ?? outcome.Why);

    /// <summary>The batch as it stands: its people whom no receipt has told of, and those whom one has.</summary>
    private static readonly string _untold = $"""
        was as (
            select b.state, b.why, p.people, p.told
            from app.batches b cross join lateral (
                select count(*) filter (where not r.told)::int as people, count(*) filter (where r.told)::int as told
                from {BatchMessages.Of("b")} m
                cross join lateral (select exists (select from app.receipts x where x.tenant_id = $1 and x.month = $4 and x.sending_id = $2 and x.number = m.number) as told) r
                where not exists (select from app.skips k where k.tenant_id = $1 and k.sending_id = $2 and k.number = m.number)) p
            where b.tenant_id = $1 and b.sending_id = $2 and b.batch_no = $3)
        """;
}
