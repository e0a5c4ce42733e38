using System.Text;
using Npgsql;
using Portal.Templates;

namespace Portal.Dispatch;

/// <summary>The set-based statements of preparing: audience less what <see cref="SkipRules"/> keep out less missing fields becomes messages and batches.</summary>
internal static class PrepareSql
{
    private const string OnLists =
        "exists (select from app.list_members m where m.tenant_id = c.tenant_id and m.contact_id = c.id and m.list_id = any ($2))";

    /// <summary>One text for everybody: the next chunk of contacts by number.</summary>
    public static async Task<PrepareChunk> SameTextAsync(NpgsqlConnection connection, PrepareWork work, int size, CancellationToken ct)
    {
        await StoreTextAsync(connection, work, ct);
        await using var command = connection.Sql($"""
            with audience as materialized (
                select c.number, {SkipRules.Reason} as reason
                from app.contacts c left join app.suppressions s on s.tenant_id = c.tenant_id and s.number = c.number
                where c.tenant_id = $1 and c.number > $5 and {OnLists}
                order by c.number limit $6),
            capped as materialized ({SkipRules.Capped("and m.number between (select min(number) from audience) and (select max(number) from audience)")}),
            judged as materialized (
                select a.number, coalesce(a.reason, case when f.number is not null then 'frequency' end) as reason
                from audience a left join capped f on f.number = a.number),
            skipped as (
                insert into app.skips (tenant_id, sending_id, number, reason, at)
                select $1, $3, number, reason, now() from judged where reason is not null),
            taken as (
                insert into app.messages (tenant_id, month, sending_id, number, ordinal)
                select $1, $4, $3, number, $7 + row_number() over (order by number) - 1 from judged where reason is null)
            select count(*)::int, count(reason)::int, max(number) from judged
            """, work.TenantId, work.ListIds, work.SendingId, work.Month, work.PreparedTo, size, work.Messages);
        int people, skipped;
        string? last;
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            await reader.ReadAsync(ct);
            (people, skipped, last) = (reader.GetInt32(0), reader.GetInt32(1), reader.IsDBNull(2) ? null : reader.GetString(2));
        }
        var end = people < size;
        var batches = await BatchRestAsync(connection, work, work.Messages + people - skipped, end, ct);
        return new PrepareChunk(people - skipped, batches, skipped, last, end);
    }

    /// <summary>A text of its own for everybody: all of it, ordered by text so that equal texts share batches.</summary>
    public static async Task<PrepareChunk> PersonalisedAsync(NpgsqlConnection connection, PrepareWork work, TemplateText template, CancellationToken ct)
    {
        var (text, missing, parameters) = Render(template);
        await using (var render = connection.Sql($"""
            create temporary table prepared on commit drop as
            with capped as materialized ({SkipRules.Capped("")})
            select c.number, coalesce({SkipRules.Reason}, case when f.number is not null then 'frequency' when {missing} then 'missing_field' end) as reason, {text} as text
            from app.contacts c left join app.suppressions s on s.tenant_id = c.tenant_id and s.number = c.number
            left join capped f on f.number = c.number
            where c.tenant_id = $1 and {OnLists}
            """, [work.TenantId, work.ListIds, .. parameters]))
        {
            await render.ExecuteNonQueryAsync(ct);
        }
        await connection.RunAsync(ct, """
            update prepared set reason = 'empty_text' where reason is null and btrim(text) = ''
            """);
        var skipped = await connection.RunAsync(ct, """
            insert into app.skips (tenant_id, sending_id, number, reason, at) select $1, $2, number, reason, now() from prepared where reason is not null
            """, work.TenantId, work.SendingId);
        await connection.RunAsync(ct, """
            create temporary table ordered on commit drop as
            select number, text, (dense_rank() over (order by text) - 1)::int as text_no, (row_number() over (order by text, number) - 1)::int as ordinal
            from prepared where reason is null
            """);
        await connection.RunAsync(ct, """
            insert into app.sending_texts (tenant_id, sending_id, text_no, text) select distinct on (text_no) $1, $2, text_no, text from ordered order by text_no
            """, work.TenantId, work.SendingId);
        var messages = await connection.RunAsync(ct, """
            insert into app.messages (tenant_id, month, sending_id, number, ordinal) select $1, $3, $2, number, ordinal from ordered order by number
            """, work.TenantId, work.SendingId, work.Month);
        var batches = await connection.RunAsync(ct, """
            insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, text_no, state, fence, attempts, not_before, changed_at)
            select $1, $2, row_number() over (order by min(ordinal)) - 1, $3, min(ordinal), max(ordinal), text_no, 'planned', 0, 0, '-infinity', now()
            from (select ordinal, text_no, (ordinal - min(ordinal) over (partition by text_no)) / $4 as part from ordered) o
            group by text_no, part
            """, work.TenantId, work.SendingId, work.AccountId, work.BatchSize);
        return new PrepareChunk(messages, batches, skipped, null, Last: true);
    }

    /// <summary>A test: one number, no list.</summary>
    public static async Task<PrepareChunk> OneNumberAsync(NpgsqlConnection connection, PrepareWork work, CancellationToken ct)
    {
        await StoreTextAsync(connection, work, ct);
        await connection.RunAsync(ct, "insert into app.messages (tenant_id, month, sending_id, number, ordinal) values ($1, $2, $3, $4, 0)",
            work.TenantId, work.Month, work.SendingId, work.Number);
        var batches = await BatchRestAsync(connection, work, messages: 1, end: true, ct);
        return new PrepareChunk(1, batches, 0, work.Number, Last: true);
    }

    /// <summary>Batches for the messages that have none; before the end only full ones.</summary>
    private static Task<int> BatchRestAsync(NpgsqlConnection connection, PrepareWork work, int messages, bool end, CancellationToken ct) =>
        connection.RunAsync(ct, """
            insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, text_no, state, fence, attempts, not_before, changed_at)
            select $1, $2, $4 + n, $3, first, least(first + $5, $6) - 1, 0, 'planned', 0, 0, '-infinity', now()
            from (select coalesce(max(last_ordinal) + 1, 0) as start from app.batches where tenant_id = $1 and sending_id = $2) done,
                 lateral (select (row_number() over (order by first) - 1)::int as n, first from generate_series(start, $6 - 1, $5) first) plan
            where $7 or first + $5 <= $6
            """, work.TenantId, work.SendingId, work.AccountId, work.Batches, work.BatchSize, messages, end);

    private static Task<int> StoreTextAsync(NpgsqlConnection connection, PrepareWork work, CancellationToken ct) =>
        connection.RunAsync(ct, "insert into app.sending_texts (tenant_id, sending_id, text_no, text) values ($1, $2, 0, $3) on conflict do nothing",
            work.TenantId, work.SendingId, work.Text);

    /// <summary>The template as SQL: the text, and whether a field of it is missing (absent or blank, as <see cref="TemplateText.Render"/> says).</summary>
    private static (string Text, string Missing, List<object?> Parameters) Render(TemplateText template)
    {
        var parameters = new List<object?>();
        string Place(string value)
        {
            parameters.Add(value);
            return $"${parameters.Count + 2}::text";
        }
        var text = new StringBuilder();
        foreach (var part in template.Parts)
            text.Append(text.Length > 0 ? " || " : "").Append(part.IsField ? $"coalesce(c.fields ->> {Place(part.Value)}, '')" : Place(part.Value));
        var missing = string.Join(" or ", template.Fields.Select(f => $"coalesce(c.fields ->> {Place(f)}, '') !~ '\\S'"));
        return (text.ToString(), missing, parameters);
    }
}
