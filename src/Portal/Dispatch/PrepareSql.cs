using System.Globalization;
using Npgsql;

namespace Portal.Dispatch;

/// <summary>The set-based statements of preparing one text for everybody: a piece of the audience becomes messages, skips and batches.</summary>
internal static class PrepareSql
{
    // Above every number: the sign after '9'.
    public const string NoEnd = ":";

    // How many messages of a chunk one statement enters: the first are entered while the rest are still on their way.
    private const int Slice = 10_000;

    private const string Skips = """
        insert into app.skips (tenant_id, sending_id, number, reason, at) select $1, $2, number::text, reason, now() from unnest($3::bigint[], $4::text[]) s (number, reason)
        """;

    private const string Messages = """
        insert into app.messages (tenant_id, month, sending_id, number, ordinal)
        select $1, $3, $2, number::text, ordinal from (select unnest($4::bigint[]) as number, generate_series($5, $6) as ordinal offset 0) m
        """;

    // A batch that is split takes numbers of batches too: it waits for the row. So does every attempt that begins: a process
    // that falls asleep from here on loses the chunk.
    private const string Enter = """
        with entered as (
            update app.sendings set messages = messages + $3, batches = batches + $4, prepared_to = coalesce($5, prepared_to),
                   prepared_at = case when $6 then $7::timestamptz end,
                   state = case when $6 and messages + $3 > most_messages then 'cancelled'
                                when state = 'preparing' and ($6 or (canary is null and most_messages is null)) then 'running' else state end
            where tenant_id = $1 and id = $2 and prepared_at is null and state in ('preparing', 'running', 'paused', 'stopped')
              and coalesce(prepared_to, '') = $8
            returning batches - $4 as first_batch, set_config('idle_in_transaction_session_timeout', '10s', true)),
        cut as (
            insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, numbers, text_no, state, fence, attempts, not_before, changed_at)
            select $1, $2, first_batch + place - 1, $9, first, last, $12[first - $13 + 1 : last - $13 + 1], 0, 'planned', 0, 0, '-infinity', now()
            from entered, unnest($10::int[], $11::int[]) with ordinality r (first, last, place))
        select first_batch from entered
        """;

    private const string Count = "update app.sending_counts set skipped = skipped + $3 where tenant_id = $1 and sending_id = $2";

    /// <summary>
    /// Enters a chunk: its messages and skips, and then, when the sending's row still says that it is this one's turn, its batches.
    /// All in one round trip.
    /// </summary>
    /// <returns>The first batch's number; null when the sending was called off meanwhile.</returns>
    public static async Task<int?> EnterAsync(NpgsqlConnection connection, PrepareWork work, PrepareChunk chunk, DateTimeOffset now, CancellationToken ct)
    {
        await using var batch = connection.CreateBatch();
        if (chunk.People is { } people)
            AddPeople(batch, work, people);
        batch.Add(Enter, work.TenantId, work.SendingId, chunk.Messages, chunk.Batches, chunk.LastNumber, chunk.Last, now, work.PreparedTo,
            work.AccountId, chunk.Cut.First, chunk.Cut.Last, chunk.People?.Numbers ?? [], work.Messages);
        if (chunk.Skipped > 0)
            batch.Add(Count, work.TenantId, work.SendingId, chunk.Skipped);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var first = await reader.ReadAsync(ct) ? reader.GetInt32(0) : (int?)null;
        await reader.NextResultAsync(ct);
        return first;
    }

    /// <summary>The numbers above $3 and up to $4 that are on the lists, each once. A list's key gives them in their order.</summary>
    public static string People(int lists, int firstParameter)
    {
        // The offset keeps each list's order visible to the planner, who can then merge them.
        var each = Enumerable.Range(0, lists).Select(i => $"""
            (select number from app.list_members where tenant_id = $1 and list_id = ${Place(i + firstParameter)} and number > $3 and number <= $4 order by number offset 0)
            """).ToList();
        return each.Count switch
        {
            0 => "select '' collate \"C\" as number where false",
            1 => each[0],
            _ => $"select distinct number from ({string.Join(" union all ", each)}) l order by number",
        };
    }

    private static void AddPeople(NpgsqlBatch batch, PrepareWork work, PreparePeople people)
    {
        // Before the first chunk nobody is prepared, unless they were all skipped.
        if (work.Messages == 0)
            batch.Add("insert into app.sending_texts (tenant_id, sending_id, text_no, text) values ($1, $2, 0, $3) on conflict do nothing", work.TenantId, work.SendingId, work.Text);
        if (people.Skipped.Length > 0)
            batch.Add(Skips, work.TenantId, work.SendingId, people.Skipped, people.Reasons);
        for (var from = 0; from < people.Numbers.Length; from += Slice)
        {
            var slice = people.Numbers[from..Math.Min(from + Slice, people.Numbers.Length)];
            batch.Add(Messages, work.TenantId, work.SendingId, work.Month, slice, work.Messages + from, work.Messages + from + slice.Length - 1);
        }
    }

    internal static string Place(int parameter) => parameter.ToString(CultureInfo.InvariantCulture);
}
