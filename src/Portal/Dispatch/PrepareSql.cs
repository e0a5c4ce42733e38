using System.Globalization;
using Npgsql;

namespace Portal.Dispatch;

/// <summary>The set-based statements of preparing one text for everybody: a piece of the audience becomes messages, skips and batches.</summary>
internal static class PrepareSql
{
    // Above every number: the sign after '9'.
    public const string NoEnd = ":";

    /// <summary>Enters a chunk of the audience: its skips and its messages.</summary>
    public static async Task<PrepareChunk> SameTextAsync(NpgsqlConnection connection, PrepareWork work, PreparePeople people, CancellationToken ct)
    {
        await StoreTextAsync(connection, work, ct);
        var numbers = people.Numbers.ToArray();
        await connection.RunAsync(ct, """
            insert into app.skips (tenant_id, sending_id, number, reason, at) select $1, $2, number::text, reason, now() from unnest($3::bigint[], $4::text[]) s (number, reason)
            """, work.TenantId, work.SendingId, people.Skipped.ToArray(), people.Reasons.ToArray());
        await connection.RunAsync(ct, """
            insert into app.messages (tenant_id, month, sending_id, number, ordinal)
            select $1, $3, $2, number::text, ordinal from (select unnest($4::bigint[]) as number, generate_series($5, $6) as ordinal offset 0) m
            """, work.TenantId, work.SendingId, work.Month, numbers, work.Messages, work.Messages + numbers.Length - 1);
        return new PrepareChunk(numbers.Length, Ranges(work, numbers.Length).First.Length, people.Skipped.Count, numbers, people.Last, people.AtEnd);
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

    internal static string Place(int parameter) => parameter.ToString(CultureInfo.InvariantCulture);
}
