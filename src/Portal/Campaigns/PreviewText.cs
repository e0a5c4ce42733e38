using System.Globalization;
using Portal.Contacts;
using Portal.Data;
using Portal.Sms.Numbers;
using Portal.Sms.Text;
using Portal.Templates;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>The text as one of the first people would get it.</summary>
/// <param name="Masked">The number, its middle hidden.</param>
/// <param name="Text">Null when a field is missing: this person would get nothing.</param>
/// <param name="Missing">The fields that this person lacks.</param>
public sealed record TextPreview(string Masked, string? Text, int Segments, IReadOnlyList<string> Missing);

/// <summary>Fills a text in for the first people of some lists (role Sender). Empty when the text has a mistake or nobody is there.</summary>
public sealed class PreviewText(Databases databases)
{
    private const int People = 3;

    public async Task<IReadOnlyList<TextPreview>> RunAsync(Member member, IReadOnlyCollection<Guid> listIds, string text, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        var read = TemplateText.Parse(text);
        if (!read.Ok || string.IsNullOrWhiteSpace(text) || listIds.Count == 0)
            return [];
        var template = read.Value;
        var columns = string.Concat(template.Fields.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $", c.fields ->> ${i + 4}")));
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        return await connection.QueryAsync(r =>
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < template.Fields.Count; i++)
            {
                if (!r.IsDBNull(i + 1))
                    fields[template.Fields[i]] = r.GetString(i + 1);
            }
            var rendered = template.Render(fields);
            return new TextPreview(
                PhoneNumbers.Mask(r.GetString(0)), rendered.Text, rendered.Text is { } filled ? Segments.Count(filled).Segments : 0, rendered.Missing);
        }, $"""
            select c.number{columns} from app.contacts c
            where c.tenant_id = $1
              and exists (select from app.list_members m where m.tenant_id = $1 and m.contact_id = c.id and m.list_id = any ($2))
              and not exists (select from app.suppressions x where x.tenant_id = $1 and x.number = c.number)
            order by c.number limit $3
            """, [member.TenantId, listIds.ToArray(), People, .. template.Fields], ct);
    }
}
