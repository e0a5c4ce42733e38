using System.Globalization;
using Npgsql;
using Portal.Data;
using Portal.Templates;

namespace Portal.Dispatch;

/// <summary>
/// Prepares texts of their own for everybody: filled in, put in the order of texts so that equal ones share batches, then
/// entered. All in one transaction: a part of the order says nothing about the rest, and until it commits nobody sees any of it.
/// </summary>
internal static class PreparePersonalised
{
    public static async Task<PrepareChunk> RunAsync(NpgsqlConnection connection, PrepareWork work, TemplateText template, CancellationToken ct)
    {
        await RenderAsync(connection, work, template, ct);
        var skipped = await connection.RunAsync(ct, """
            insert into app.skips (tenant_id, sending_id, number, reason, at) select $1, $2, number::text, reason, now() from prepared where reason is not null
            """, work.TenantId, work.SendingId);
        await connection.RunAsync(ct, """
            create temporary table texts on commit drop as
            select text, (row_number() over (order by text))::int as text_no from (select distinct text from prepared where reason is null) t;
            analyze texts
            """);
        await connection.RunAsync(ct, "insert into app.sending_texts (tenant_id, sending_id, text_no, text) select $1, $2, text_no, text from texts", work.TenantId, work.SendingId);
        // Nobody takes numbers of batches while there are none. A text's numbers are gathered once and cut as an array.
        var batches = await connection.RunAsync(ct, $"""
            insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, numbers, text_no, state, fence, attempts, not_before, changed_at)
            select $1, $2, row_number() over (order by t.start + c.first) - 1, $3, t.start + c.first, t.start + c.last, t.numbers[c.first + 1 : c.last + 1], t.text_no, 'planned', 0, 0, '-infinity', now()
            from (select text_no, numbers, cardinality(numbers) as people, (sum(cardinality(numbers)) over (order by text_no) - cardinality(numbers))::int as start
                  from (select t.text_no, array_agg(p.number order by p.number) as numbers
                        from prepared p join texts t on t.text = p.text where p.reason is null group by t.text_no) g) t
            cross join lateral {BatchCut.Of("t.people", "$4", "greatest($5 - t.start, 0)")} c
            """, work.TenantId, work.SendingId, work.AccountId, work.BatchSize, work.Canary);
        // What stands where in a batch decides the ordinals. In the order of the key: each of its pages is written once.
        var messages = await connection.RunAsync(ct, """
            insert into app.messages (tenant_id, month, sending_id, number, ordinal)
            select $1, $3, $2, m.number::text, m.ordinal
            from (select unnest(numbers) as number, generate_series(first_ordinal, last_ordinal) as ordinal
                  from app.batches where tenant_id = $1 and sending_id = $2 order by number offset 0) m
            """, work.TenantId, work.SendingId, work.Month);
        return new PrepareChunk(messages, batches, skipped, People: null, LastNumber: null, Last: true);
    }

    /// <summary>Fills the temporary table <c>prepared</c>. All that it reads comes in the order of numbers: hashes and loops would cost more.</summary>
    private static async Task RenderAsync(NpgsqlConnection connection, PrepareWork work, TemplateText template, CancellationToken ct)
    {
        var values = new List<object?> { work.TenantId, work.SendingId, "", PrepareSql.NoEnd };
        values.AddRange(work.ListIds.Cast<object>());
        var (text, missing, fields) = Parts(template, values);
        await MergeAsync(connection, "off", ct);
        await connection.RunAsync(ct, $"""
            create temporary table prepared on commit drop as
            with capped as materialized ({SkipRules.Capped(SkipRules.Range)})
            select p.number::bigint as number, ({text}) collate "C" as text,
                   coalesce({SkipRules.ReasonAndCap}, case when {missing} then '{Words.Of(SkipReason.MissingField)}' end) as reason
            from ({PrepareSql.People(work.ListIds.Length, firstParameter: 5)}) p
            join app.contacts c on c.tenant_id = $1 and c.number = p.number
            {SkipRules.Joins}
            cross join lateral (select {fields} offset 0) v
            """, [.. values]);
        await MergeAsync(connection, "on", ct);
        // How many texts differ is all that matters, and roughly.
        await connection.RunAsync(ct, "set local default_statistics_target = 10; analyze prepared (text, reason)");
    }

    private static Task<string?> MergeAsync(NpgsqlConnection connection, string others, CancellationToken ct) =>
        connection.ScalarAsync<string>(ct, """
            select set_config('enable_hashagg', $1, true), set_config('enable_hashjoin', $1, true), set_config('enable_nestloop', $1, true)
            """, others);

    /// <summary>The template as SQL: the text, whether a field of it is missing (absent or blank, as <see cref="TemplateText.Render"/> says), and the fields, read once.</summary>
    private static (string Text, string Missing, string Fields) Parts(TemplateText template, List<object?> values)
    {
        string Value(string value)
        {
            values.Add(value);
            return string.Create(CultureInfo.InvariantCulture, $"${values.Count}::text");
        }
        var fields = template.Fields.ToDictionary(f => f, f => (Column: string.Create(CultureInfo.InvariantCulture, $"f{values.Count}"), Value: Value(f)), StringComparer.Ordinal);
        var text = string.Join(" || ", template.Parts.Select(p => p.IsField ? $"coalesce(v.{fields[p.Value].Column}, '')" : Value(p.Value)));
        var missing = string.Join(" or ", fields.Values.Select(f => Blank($"v.{f.Column}")));
        return (text, missing, string.Join(", ", fields.Values.Select(f => $"c.fields ->> {f.Value} as {f.Column}")));
    }

    // Most values begin with a sign that is no blank, which is far cheaper to see than by the pattern: of ASCII, or above the
    // last blank that there is (U+3000).
    private static string Blank(string value) =>
        $"({value} is null or ascii({value}) not between 33 and 126 and ascii({value}) <= 12288 and {value} !~ '\\S')";
}
