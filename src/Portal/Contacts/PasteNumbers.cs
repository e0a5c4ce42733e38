using System.Text;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

public sealed record PasteNumbersInput(string Text);

/// <summary>
/// Takes pasted numbers, or cells of a spreadsheet, in as an import (role Sender). Problems of <c>Text</c>:
/// <c>paste_empty</c>, <c>file_too_large</c>, <c>file_not_csv</c>.
/// </summary>
public sealed class PasteNumbers(PortalDbFactory dbs, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, PasteNumbersInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        var text = input.Text.Replace("\0", "", StringComparison.Ordinal);
        if (string.IsNullOrWhiteSpace(text))
            return new Problem(nameof(input.Text), "paste_empty");
        var utf8 = Encoding.UTF8.GetBytes(PastedText.Normal(text));
        if (utf8.Length > ImportIntake.MostBytes)
            return new Problem(nameof(input.Text), "file_too_large", ImportIntake.MostBytes / 1024 / 1024);
        return await new ImportIntake(dbs, clock).KeepAsync(member, "", utf8, nameof(input.Text), ct);
    }
}
