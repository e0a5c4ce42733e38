using Npgsql;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// Finds the bad number of a refused batch (104, 111) by halving. The left part of the numbers in question is tested; all
/// that lies right of it is put off in one batch. Refused: the left part of the left part is next, and what is put off
/// grows. Accepted: the bad number is in the right part of those in question. At the end what was put off goes in one last
/// request. So one bad number among n costs at most ⌈log2 n⌉ + 1 further requests: 11 among 1000.
/// </summary>
internal static class FindBadNumber
{
    /// <summary>In the transaction that records the outcome of <paramref name="batch"/>, before the counters move.</summary>
    public static async Task AfterAsync(NpgsqlConnection connection, TenantScope scope, Guid accountId, ClaimedBatch batch, Outcome outcome, int settled, CancellationToken ct)
    {
        var search = batch.LooksForBadNumber ? await ReadAsync(connection, scope, batch, ct) : null;
        var plan = new Plan(connection, scope, accountId, batch, settled > 0);
        if (outcome.Kind == OutcomeKind.Halves)
        {
            await plan.TakeOverAsync(search?.Rest, ct);
            await plan.TestLeftAsync(batch.FirstOrdinal, batch.LastOrdinal, search?.Last ?? batch.LastOrdinal, outcome.Code!, ct);
        }
        else if (search is not null && outcome.Kind == OutcomeKind.Accepted)
        {
            await plan.TakeOverAsync(search.Rest, ct);
            await plan.GoOnRightAsync(batch.LastOrdinal + 1, search, ct);
        }
        else if (search is not null && outcome.Kind != OutcomeKind.Again)
        {
            await ReleaseAsync(connection, scope, accountId, ct);
        }
    }

    /// <summary>Lets go what was put off by a test that is over: its batch was refused, is in doubt, or was called off.</summary>
    public static Task<int> ReleaseAsync(NpgsqlConnection connection, TenantScope scope, Guid accountId, CancellationToken ct) =>
        connection.RunAsync(ct, """
            update app.batches r set not_before = '-infinity', changed_at = clock_timestamp()
            where r.tenant_id = $1 and r.account_id = $2 and r.state = 'planned' and r.not_before = 'infinity'
              and not exists (select from app.batches t where t.tenant_id = $1 and t.account_id = $2 and t.sending_id = r.sending_id
                              and t.rest_batch_no = r.batch_no and t.state in ('planned', 'claimed', 'dispatching'))
            """, scope.TenantId, accountId);

    private static async Task<Search?> ReadAsync(NpgsqlConnection connection, TenantScope scope, ClaimedBatch batch, CancellationToken ct)
    {
        await using var command = connection.Sql("""
            select t.suspect_to, r.batch_no, r.last_ordinal, t.search_code
            from app.batches t join app.batches r on r.tenant_id = t.tenant_id and r.sending_id = t.sending_id and r.batch_no = t.rest_batch_no
            where t.tenant_id = $1 and t.sending_id = $2 and t.batch_no = $3 and r.state = 'planned'
            for update of r
            """, scope.TenantId, batch.SendingId, batch.BatchNo);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new Search(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetString(3)) : null;
    }

    /// <param name="SuspectTo">The last number in question.</param>
    /// <param name="Rest">The batch with what was put off.</param>
    /// <param name="Last">Its last number.</param>
    private sealed record Search(int SuspectTo, int Rest, int Last, string Code);

    /// <param name="told">Receipts have told of some of the people: each new batch knows of how many.</param>
    private sealed class Plan(NpgsqlConnection connection, TenantScope scope, Guid accountId, ClaimedBatch batch, bool told)
    {
        /// <summary>What was put off goes over to the batches that follow.</summary>
        public async Task TakeOverAsync(int? rest, CancellationToken ct)
        {
            if (rest is null)
                return;
            await connection.RunAsync(ct, """
                update app.batches set state = 'split', not_before = '-infinity', changed_at = clock_timestamp()
                where tenant_id = $1 and sending_id = $2 and batch_no = $3
                """, scope.TenantId, batch.SendingId, rest);
        }

        /// <summary>Of the numbers in question the left half is tested; the right half joins what is put off.</summary>
        public async Task TestLeftAsync(int first, int suspectTo, int last, string code, CancellationToken ct)
        {
            var middle = first + ((suspectTo - first) / 2);
            var number = await NumberAsync(2, ct);
            await AddAsync(number, first, middle, "planned", null, "-infinity", (suspectTo, number + 1, code), ct);
            await AddAsync(number + 1, middle + 1, last, "planned", null, "infinity", null, ct);
        }

        /// <summary>
        /// The left half was taken, so the bad number is among the others. A single one is it, and no request is spent on it;
        /// unless every test so far was taken, which leaves a request to ask about it alone: the refusal may have passed by itself.
        /// </summary>
        public async Task GoOnRightAsync(int first, Search search, CancellationToken ct)
        {
            if (first < search.SuspectTo)
            {
                await TestLeftAsync(first, search.SuspectTo, search.Last, search.Code, ct);
                return;
            }
            if (first == search.Last)
            {
                await AddAsync(await NumberAsync(1, ct), first, first, "planned", null, "-infinity", null, ct);
                return;
            }
            var number = await NumberAsync(2, ct);
            await AddAsync(number, first, first, "refused", search.Code, "-infinity", null, ct);
            await CountRefusedAsync(first, ct);
            await AddAsync(number + 1, first + 1, search.Last, "planned", null, "-infinity", null, ct);
        }

        private Task<int> NumberAsync(int more, CancellationToken ct) => connection.ScalarAsync<int>(ct,
            "update app.sendings set batches = batches + $3 where tenant_id = $1 and id = $2 returning batches - $3", scope.TenantId, batch.SendingId, more);

        private Task<int> AddAsync(int number, int first, int last, string state, string? why, string notBefore, (int To, int RestNo, string Code)? search, CancellationToken ct) =>
            connection.RunAsync(ct, $"""
                insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, text_no, state, fence, attempts,
                                         not_before, changed_at, why, suspect_to, rest_batch_no, search_code, numbers, settled)
                select $1, $2, $3, $4, $5, $6, $7, $8, 0, 0, $9::timestamptz, clock_timestamp(), $10::text, $11::int, $12::int, $13::text, part.numbers,
                       case when $14 then (select count(*)::int from unnest(part.numbers) p (number), lateral (select p.number::text) m (number)
                                           where exists (select from app.receipts r where r.tenant_id = $1 and r.month = $15 and r.sending_id = $2 and r.number = m.number)
                                             and not exists (select from app.skips k where k.tenant_id = $1 and k.sending_id = $2 and k.number = m.number)) else 0 end
                from {BatchMessages.Part("$5", "$6")} part
                """, scope.TenantId, batch.SendingId, number, accountId, first, last, batch.TextNo, state, notBefore, why, search?.To, search?.RestNo, search?.Code, told, batch.Month);

        private Task<int> CountRefusedAsync(int ordinal, CancellationToken ct) => connection.RunAsync(ct, $"""
            update app.sending_counts set refused = refused + 1
            where tenant_id = $1 and sending_id = $2
              and exists (select from {BatchMessages.Part("$4", "$4")} part, lateral (select part.numbers[1]::text) m (number)
                          where not exists (select from app.skips k where k.tenant_id = $1 and k.sending_id = $2 and k.number = m.number)
                          and not exists (select from app.receipts r where r.tenant_id = $1 and r.month = $3 and r.sending_id = $2 and r.number = m.number))
            """, scope.TenantId, batch.SendingId, batch.Month, ordinal);
    }
}
