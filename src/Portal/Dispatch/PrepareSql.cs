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
            work.TenantId, work.SendingId, work.PreparedTo, upto ?? NoEnd, work.Month, work.BatchSize, work.Messages, upto is null, work.Canary, .. work.ListIds.Cast<object>()]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var numbers = reader.GetFieldValue<long[]>(2);
        return new PrepareChunk(numbers.Length, Ranges(work, numbers.Length).First.Length, reader.GetInt32(0), numbers, reader.IsDBNull(1) ? null : reader.GetString(1), upto is null);
    }

    /// <summary>A test: one number, no list.</summary>
    public static async Task<PrepareChunk> OneNumberAsync(NpgsqlConnection connection, PrepareWork work, CancellationToken ct)
    {
        await StoreTextAsync(connection, work, ct);
        await connection.RunAsync(ct, "insert into app.messages (tenant_id, month, sending_id, number, ordinal) values ($1, $2, $3, $4, 0)",
            work.TenantId, work.Month, work.SendingId, work.Number);
        return new PrepareChunk(1, 1, 0, [long.Parse(work.Number!, CultureInfo.InvariantCulture)], work.Number, Last: true);
    }

    /// <summary>Enters the batches of the chunk's messages.</summary>
    public static Task<int> BatchAsync(NpgsqlConnection connection, PrepareWork work, long[] numbers, int firstBatch, CancellationToken ct)
    {
        var ranges = Ranges(work, numbers.Length);
        return connection.RunAsync(ct, """
            insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, numbers, text_no, state, fence, attempts, not_before, changed_at)
            select $1, $2, $4 + place - 1, $3, first, last, $8[first - $5 + 1 : last - $5 + 1], 0, 'planned', 0, 0, '-infinity', now()
            from unnest($6, $7) with ordinality r (first, last, place)
            """, work.TenantId, work.SendingId, work.AccountId, firstBatch, work.Messages, ranges.First, ranges.Last, numbers);
    }

    private static BatchRanges Ranges(PrepareWork work, int messages) => BatchCut.Ranges(work.Messages, work.Messages + messages, work.BatchSize, work.Canary);

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
            [work.TenantId, work.PreparedTo, Math.Max(work.BatchSize, size / work.ListIds.Length) - 1, .. work.ListIds.Cast<object>()]);
    }

    // The array comes in the order in which the people were numbered: to sort it again would cost as much as to read them.
    private static string SameText(int lists) => $"""
        with capped as materialized ({SkipRules.Capped(SkipRules.Range)}),
        numbered as materialized (
            select number, reason, (count(*) filter (where reason is null) over (order by number rows unbounded preceding))::int as n
            from (select c.number, {SkipRules.ReasonAndCap} as reason
                  from (select p.number, (select x.country from app.contacts x where x.tenant_id = $1 and x.number = p.number) as country
                        from ({People(lists, firstParameter: 10)}) p) c
                  {SkipRules.Joins}) r),
        full_batches as materialized (
            select coalesce(max(n), 0) as messages, {BatchCut.Below("($7 + coalesce(max(n), 0))", "$6", "$9")} - $7 as cut from numbered),
        bound as materialized (
            select case when $8 or cut <= 0 then messages else cut end as messages from full_batches),
        skipped as (
            insert into app.skips (tenant_id, sending_id, number, reason, at)
            select $1, $2, number, reason, now() from numbered where reason is not null and n <= (select messages from bound)),
        taken as (
            insert into app.messages (tenant_id, month, sending_id, number, ordinal)
            select $1, $5, $2, number, $7 + n - 1 from numbered where reason is null and n <= (select messages from bound))
        select count(*) filter (where reason is not null)::int, max(number),
               coalesce(array_agg(number::bigint) filter (where reason is null), array[]::bigint[])
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
