using System.Text.Json;
using Npgsql;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

/// <param name="Search">How the numbers begin; null or empty for all.</param>
/// <param name="Page">From 1.</param>
public sealed record ListPageInput(Guid ListId, string? Search = null, int Page = 1);

/// <summary>A page of the people on a list.</summary>
/// <param name="Contacts">People on the list.</param>
/// <param name="Matching">People that the search finds.</param>
/// <param name="Fields">Names of the fields that somebody on this page has.</param>
public sealed record ListView(
    Guid Id, string Name, long Contacts, long Suppressed, long Matching, int Page, int Pages, IReadOnlyList<string> Fields, IReadOnlyList<ContactRow> Rows);

/// <param name="Shown">The number: whole from role Sender on, masked below.</param>
public sealed record ContactRow(string Shown, IReadOnlyDictionary<string, string> Fields, bool Suppressed, DateTimeOffset CreatedAt);

/// <summary>The people on a list, 50 a page, by number (role Viewer); null when there is no such list.</summary>
public sealed class ListPage(Databases databases)
{
    public const int PageSize = 50;

    public async Task<ListView?> RunAsync(Member member, ListPageInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenToReadAsync(member.Scope, ct);
        var prefix = NumberSearch.Prefix(member, input.Search);
        var head = await connection.QueryAsync(r => (Name: r.GetString(0), All: r.GetInt64(1), Matching: r.GetInt64(2), Suppressed: r.GetInt64(3)), """
            select l.name, m.contacts, m.matching, m.suppressed
            from app.lists l, lateral (
                select count(*) contacts, count(*) filter (where starts_with(c.number, $3)) matching, count(s.number) suppressed
                from app.list_members lm
                join app.contacts c on c.tenant_id = $1 and c.id = lm.contact_id
                left join app.suppressions s on s.tenant_id = $1 and s.number = c.number
                where lm.tenant_id = $1 and lm.list_id = l.id) m
            where l.tenant_id = $1 and l.id = $2
            """, [member.TenantId, input.ListId, prefix], ct);
        if (head is not [var list])
            return null;
        var pages = (int)Math.Max(1, (list.Matching + PageSize - 1) / PageSize);
        var page = Math.Clamp(input.Page, 1, pages);
        var rows = await connection.QueryAsync(r => Read(member, r), """
            select c.number, c.fields, s.number is not null, c.created_at
            from app.list_members lm
            join app.contacts c on c.tenant_id = $1 and c.id = lm.contact_id
            left join app.suppressions s on s.tenant_id = $1 and s.number = c.number
            where lm.tenant_id = $1 and lm.list_id = $2 and starts_with(c.number, $3)
            order by c.number offset $4 limit $5
            """, [member.TenantId, input.ListId, prefix, (page - 1) * PageSize, PageSize], ct);
        var fields = rows.SelectMany(r => r.Fields.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return new ListView(input.ListId, list.Name, list.All, list.Suppressed, list.Matching, page, pages, fields, rows);
    }

    private static ContactRow Read(Member member, NpgsqlDataReader row) => new(
        member.Shown(row.GetString(0)), FieldsFrom(row.GetString(1)), row.GetBoolean(2), row.GetFieldValue<DateTimeOffset>(3));

    private static Dictionary<string, string> FieldsFrom(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString(), StringComparer.Ordinal);
    }
}
