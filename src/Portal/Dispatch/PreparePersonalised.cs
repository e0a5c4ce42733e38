using System.Globalization;
using System.Text;
using Npgsql;
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
            insert into app.skips (tenant_id, sending_id, number, reason, at) select $1, $2, number, reason, now() from prepared where reason is not null
            """, work.TenantId, work.SendingId);
        await connection.RunAsync(ct, """
            create temporary table texts on commit drop as
            select text, text_no, people, (sum(people) over (order by text_no) - people)::int as first
            from (select text, (row_number() over (order by text))::int as text_no, count(*)::int as people from prepared where reason is null group by text) t;
            analyze texts
            """);
        await connection.RunAsync(ct, "insert into app.sending_texts (tenant_id, sending_id, text_no, text) select $1, $2, text_no, text from texts", work.TenantId, work.SendingId);
        // Entered in the order of numbers, which is that of the key.
        var messages = await connection.RunAsync(ct, """
            insert into app.messages (tenant_id, month, sending_id, number, own_text, ordinal)
            select $1, $3, $2, number, true, ordinal
            from (select p.number, p.place, (row_number() over (order by t.text_no, p.place) - 1)::int as ordinal
                  from prepared p join texts t on t.text = p.text where p.reason is null) o
            order by place
            """, work.TenantId, work.SendingId, work.Month);
        var batches = await connection.RunAsync(ct, """
            insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, text_no, state, fence, attempts, not_before, changed_at)
            select $1, $2, row_number() over (order by t.text_no, n) - 1, $3, t.first + n, t.first + least(n + $4, t.people) - 1, t.text_no, 'planned', 0, 0, '-infinity', now()
            from texts t, generate_series(0, t.people - 1, $4) n
            """, work.TenantId, work.SendingId, work.AccountId, work.BatchSize);
        return new PrepareChunk(messages, batches, skipped, Bounds: null, LastNumber: null, Last: true);
    }

    /// <summary>Fills the temporary table <c>prepared</c> in the order of numbers. All that it reads comes in that order: hashes and loops would cost more.</summary>
    private static async Task RenderAsync(NpgsqlConnection connection, PrepareWork work, TemplateText template, CancellationToken ct)
    {
        var values = new List<object?> { work.TenantId, work.SendingId, "", PrepareSql.NoEnd };
        values.AddRange(work.ListIds.Cast<object>());
        var (text, missing) = Parts(template, values);
        SkipRule[] rules = [.. SkipRules.Everybody, new(SkipReason.MissingField, missing), new(SkipReason.EmptyText, "btrim(t.text) = ''")];
        await MergeAsync(connection, "off", ct);
        await connection.RunAsync(ct, $"""
            create temporary table prepared on commit drop as
            select number, reason, text, (row_number() over (order by number))::int as place
            from (select p.number, t.text, {SkipRules.Reason(rules)} as reason
                  from ({PrepareSql.People(work.ListIds.Length, firstParameter: 5)}) p
                  join app.contacts c on c.tenant_id = $1 and c.number = p.number
                  {SkipRules.Joins(rules)}
                  cross join lateral (select ({text}) collate "C" as text offset 0) t) r
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
