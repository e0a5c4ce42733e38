using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Audit;
using Portal.Web.Accounts;
using Portal.Web.Shell;

namespace Portal.Web.Audit;

/// <summary>Writes an entry as a sentence. The person's name stands beside it, so the sentences leave it out.</summary>
internal sealed class AuditSentence(IStringLocalizer<AuditText> texts, IStringLocalizer<AccountsText> accounts, IStringLocalizer<ShellText> shell, TimeProvider clock)
{
    // No sentence takes more; what an older entry does not have stays empty.
    private const int Places = 6;

    // Where the details hold a word of ours instead of somebody's text.
    private static readonly Dictionary<string, string> _codes = new(StringComparer.Ordinal)
    {
        ["account_stopped"] = "0",
        ["key_pair_not_proven"] = "1",
    };

    public string Of(AuditRow row, TimeZoneInfo zone)
    {
        var sentence = texts["Did_" + row.Action];
        if (sentence.ResourceNotFound)
            return string.Join(" · ", row.Details.Prepend(row.Action));
        var values = new object[Places];
        for (var i = 0; i < Places; i++)
            values[i] = i >= row.Details.Count ? "" : Value(row, i, zone);
        return WordForms.Format(sentence.Value, values);
    }

    private string Value(AuditRow row, int place, TimeZoneInfo zone)
    {
        var detail = row.Details[place];
        if (detail.Length == 0)
            return texts["Nothing"];
        if (_codes.TryGetValue(row.Action, out var at) && at == place.ToString(CultureInfo.InvariantCulture))
            return accounts.Code(detail);
        if (long.TryParse(detail, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number.ToString("N0", CultureInfo.CurrentCulture);
        if (DateTimeOffset.TryParseExact(detail, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant))
            return WhenText.Of(instant, WhenForm.Short, zone, clock.GetUtcNow(), shell);
        return Word("Word_" + detail) ?? Word("Field_" + detail) ?? detail;
    }

    private string? Word(string key) => texts[key] is { ResourceNotFound: false } word ? word.Value : null;
}
