using System.Globalization;
using Npgsql;

namespace Portal.Dispatch;

/// <summary>The set-based statements of preparing one text for everybody: a piece of the audience becomes messages, skips and batches.</summary>
internal static class PrepareSql
{
    // Above every number: the sign after '9'.
    public const string NoEnd = ":";

    /// <summary>
    /// The next chunk in the order of numbers. It ends with a full batch where it can: what is over is left to the next one,
    /// so that batches are full however the audience is cut.
    /// </summary>
    public static async Task<PrepareChunk> SameTextAsync(NpgsqlConnection connection, PrepareWork work, int size, CancellationToken ct)
    {
        await StoreTextAsync(connection, work, ct);
        var upto = await EndAsync(connection, work, size, ct);
        await using var command = connection.Sql(SameText(work.ListIds.Length), [
            work.TenantId, work.SendingId, work.PreparedTo, upto ?? NoEnd, work.Month, work.BatchSize, work.Messages, upto is null, .. work.ListIds.Cast<object>()]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var bounds = new BatchBounds(reader.GetFieldValue<string[]>(3), reader.GetFieldValue<string[]>(4));
        return new PrepareChunk(reader.GetInt32(0), bounds.First.Length, reader.GetInt32(1), bounds, reader.IsDBNull(2) ? null : reader.GetString(2), upto is null);
    }

    /// <summary>A test: one number, no list.</summary>
    public static async Task<PrepareChunk> OneNumberAsync(NpgsqlConnection connection, PrepareWork work, CancellationToken ct)
    {
        await StoreTextAsync(connection, work, ct);
        await connection.RunAsync(ct, "insert into app.messages (tenant_id, month, sending_id, number, own_text, ordinal) values ($1, $2, $3, $4, false, 0)",
            work.TenantId, work.Month, work.SendingId, work.Number);
        return new PrepareChunk(1, 1, 0, new BatchBounds([work.Number!], [work.Number!]), work.Number, Last: true);
    }

    /// <summary>Enters the batches of the chunk's messages; all of them but the last are full.</summary>
    public static Task<int> BatchAsync(NpgsqlConnection connection, PrepareWork work, int messages, BatchBounds bounds, int firstBatch, CancellationToken ct) =>
        connection.RunAsync(ct, """
            insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, text_no, first_number, last_number, state, fence, attempts, not_before, changed_at)
            select $1, $2, $4 + n - 1, $3, $5 + (n - 1) * $6, $5 + least(n * $6, $7) - 1, 0, b.first, b.last, 'planned', 0, 0, '-infinity', now()
            from unnest($8, $9) with ordinality as b (first, last, place), lateral (select b.place::int as n) i
            """, work.TenantId, work.SendingId, work.AccountId, firstBatch, work.Messages, work.BatchSize, messages, bounds.First, bounds.Last);

    /// <summary>
    /// The number up to which to take everybody; null when <paramref name="size"/> reaches to the end. From each list its
    /// share of the chunk: what lies below the nearest of these ends is complete, whatever lists it comes from. Also sees to
    /// it that the chunk is planned as a merge of what comes in the order of numbers already: a hash would have to be sorted.
    /// </summary>
    private static Task<string?> EndAsync(NpgsqlConnection connection, PrepareWork work, int size, CancellationToken ct)
    {
        if (work.ListIds.Length == 0)
            return Task.FromResult<string?>(null);
        var ends = work.ListIds.Select((_, i) => $"""
            (select number from app.list_members where tenant_id = $1 and list_id = ${Place(i + 4)} and number > $2 order by number offset $3 limit 1)
            """);
        return connection.ScalarAsync<string>(ct, $"""
            select least({string.Join(", ", ends)}), set_config('enable_hashagg', 'off', true), set_config('enable_hashjoin', 'off', true)
            """,
            [work.TenantId, work.PreparedTo, Math.Max(1, size / work.ListIds.Length) - 1, .. work.ListIds.Cast<object>()]);
    }

    private static string SameText(int lists) => $"""
        with numbered as materialized (
            select number, reason, (count(*) filter (where reason is null) over (order by number rows unbounded preceding))::int as n
            from (select p.number, {SkipRules.Reason(SkipRules.Everybody)} as reason
                  from ({People(lists, firstParameter: 9)}) p
                  {SkipRules.Joins(SkipRules.Everybody)}) r),
        bound as materialized (
            select case when $8 or max(n) < $6 then max(n) else max(n) / $6 * $6 end as messages from numbered),
        skipped as (
            insert into app.skips (tenant_id, sending_id, number, reason, at)
            select $1, $2, number, reason, now() from numbered where reason is not null and n <= (select messages from bound)),
        taken as (
            insert into app.messages (tenant_id, month, sending_id, number, own_text, ordinal)
            select $1, $5, $2, number, false, $7 + n - 1 from numbered where reason is null and n <= (select messages from bound))
        select count(*) filter (where reason is null)::int, count(*) filter (where reason is not null)::int, max(number),
               coalesce(array_agg(number order by n) filter (where reason is null and (n - 1) % $6 = 0), array[]::text[]),
               coalesce(array_agg(number order by n) filter (where reason is null and (n % $6 = 0 or n = (select messages from bound))), array[]::text[])
        from numbered where n <= (select messages from bound)
        """;

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

    private static Task<int> StoreTextAsync(NpgsqlConnection connection, PrepareWork work, CancellationToken ct) =>
        connection.RunAsync(ct, "insert into app.sending_texts (tenant_id, sending_id, text_no, text) values ($1, $2, 0, $3) on conflict do nothing",
            work.TenantId, work.SendingId, work.Text);

    private static string Place(int parameter) => parameter.ToString(CultureInfo.InvariantCulture);
}
