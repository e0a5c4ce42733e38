using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Campaigns;
using Portal.Web.Accounts;
using Portal.Web.Shell;

namespace Portal.Web.Campaigns;

/// <summary>Writes the lines of a campaign's timeline.</summary>
internal sealed class HappeningText(IStringLocalizer<CampaignsText> texts, IStringLocalizer<AccountsText> accounts, IStringLocalizer<ShellText> shell, TimeProvider clock)
{
    // No sentence takes more; what an older entry does not have stays empty.
    private const int Places = 5;

    /// <param name="zone">In which instants are written.</param>
    /// <returns>Null for what the timeline does not tell.</returns>
    public string? Of(Happening happening, TimeZoneInfo zone)
    {
        var details = happening.Details;
        var text = texts[Key(happening)];
        if (text.ResourceNotFound)
            return null;
        var values = new object[Places];
        for (var i = 0; i < Places; i++)
            values[i] = i >= details.Count ? "" : happening.ByPerson && i == 0 ? details[0] : Value(details[i], zone);
        if (Reason(happening) is var (place, words))
            values[place] = words;
        return WordForms.Format(text.Value, values);
    }

    private static string Key(Happening happening) => happening switch
    {
        { Word: "campaign_scheduled", Details: [_, _, _, var how, ..] } => $"Happened_campaign_scheduled_{how}",
        { Word: "campaign_missed", Details: [_, var why] } => $"Happened_campaign_missed_{why}",
        _ => "Happened_" + happening.Word,
    };

    private (int Place, string Words)? Reason(Happening happening) => happening switch
    {
        { Word: "doubts", Details: [_, _, var why] } => (2, texts.Doubt(why)),
        { Word: "refusals", Details: [_, _, var code] } => (2, texts.Code(code)),
        { Word: "not_sent", Details: [_, _, var why] } => (2, accounts.Code(why)),
        { Word: "account_stopped", Details: [var code, ..] } => (0, accounts.Code(code)),
        _ => null,
    };

    private string Value(string detail, TimeZoneInfo zone)
    {
        if (long.TryParse(detail, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return CampaignWords.Number(number);
        return DateTimeOffset.TryParseExact(detail, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? WhenText.Of(at, WhenForm.Short, zone, clock.GetUtcNow(), shell)
            : detail;
    }
}
