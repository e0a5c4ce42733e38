using System.Globalization;
using System.Text;
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
        // Nobody takes numbers of batches while there are none.
        var batches = await connection.RunAsync(ct, $"""
            insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, numbers, text_no, state, fence, attempts, not_before, changed_at)
            select $1, $2, row_number() over (order by min(ordinal)) - 1, $3, min(ordinal), max(ordinal), array_agg(number), text_no, 'planned', 0, 0, '-infinity', now()
            from (select p.number, t.text_no, (row_number() over w - 1)::int as place, (row_number() over (order by t.text_no, p.number) - 1)::int as ordinal
                  from prepared p join texts t on t.text = p.text where p.reason is null
                  window w as (partition by t.text_no order by p.number)) o
            group by text_no, {BatchCut.Of("place", "$4", "greatest($5 - (ordinal - place), 0)")}
            """, work.TenantId, work.SendingId, work.AccountId, work.BatchSize, work.Canary);
        // What stands where in a batch decides the ordinals. In the order of the key: each of its pages is written once.
        var messages = await connection.RunAsync(ct, $"""
            insert into app.messages (tenant_id, month, sending_id, number, ordinal)
            select $1, $3, $2, u.number::text, b.first_ordinal + u.place::int - 1
            from app.batches b, unnest(b.numbers) with ordinality u (number, place) where b.tenant_id = $1 and b.sending_id = $2
            order by u.number
            """, work.TenantId, work.SendingId, work.Month);
        return new PrepareChunk(messages, batches, skipped, Numbers: null, LastNumber: null, Last: true);
    }

    /// <summary>Fills the temporary table <c>prepared</c>. All that it reads comes in the order of numbers: hashes and loops would cost more.</summary>
    private static async Task RenderAsync(NpgsqlConnection connection, PrepareWork work, TemplateText template, CancellationToken ct)
    {
        var values = new List<object?> { work.TenantId, work.SendingId, "", PrepareSql.NoEnd };
        values.AddRange(work.ListIds.Cast<object>());
        var (text, missing) = Parts(template, values);
        await MergeAsync(connection, "off", ct);
        await connection.RunAsync(ct, $"""
            create temporary table prepared on commit drop as
            with capped as materialized ({SkipRules.Capped(SkipRules.Range)})
            select p.number::bigint as number, t.text,
                   coalesce({SkipRules.ReasonAndCap}, case when {missing} then '{Words.Of(SkipReason.MissingField)}' when btrim(t.text) = '' then '{Words.Of(SkipReason.EmptyText)}' end) as reason
            from ({PrepareSql.People(work.ListIds.Length, firstParameter: 5)}) p
            join app.contacts c on c.tenant_id = $1 and c.number = p.number
            {SkipRules.Joins}
            cross join lateral (select ({text}) collate "C" as text offset 0) t
            """, [.. values]);
        await MergeAsync(connection, "on", ct);
        await connection.RunAsync(ct, "analyze prepared");
    }

    private static Task<string?> MergeAsync(NpgsqlConnection connection, string others, CancellationToken ct) =>
        connection.ScalarAsync<string>(ct, """
            select set_config('enable_hashagg', $1, true), set_config('enable_hashjoin', $1, true), set_config('enable_nestloop', $1, true)
            """, others);

    /// <summary>The template as SQL: the text, and whether a field of it is missing (absent or blank, as <see cref="TemplateText.Render"/> says).</summary>
    private static (string Text, string Missing) Parts(TemplateText template, List<object?> values)
    {
        string Value(string value)
        {
            values.Add(value);
            return string.Create(CultureInfo.InvariantCulture, $"${values.Count}::text");
        }
        var text = new StringBuilder();
        foreach (var part in template.Parts)
            text.Append(text.Length > 0 ? " || " : "").Append(part.IsField ? $"coalesce(c.fields ->> {Value(part.Value)}, '')" : Value(part.Value));
        var missing = string.Join(" or ", template.Fields.Select(f => $"coalesce(c.fields ->> {Value(f)}, '') !~ '\\S'"));
        return (text.ToString(), missing);
    }
}
