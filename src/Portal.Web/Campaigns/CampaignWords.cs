using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Campaigns;
using Portal.Dispatch;
using Portal.Web.Shell;

namespace Portal.Web.Campaigns;

/// <summary>States, reasons and problems in the person's language.</summary>
internal static class CampaignWords
{
    /// <summary>What is wrong with one field, null when nothing is; an empty field means the whole form.</summary>
    public static string? Error(this IStringLocalizer<CampaignsText> texts, IEnumerable<Problem> problems, string field)
    {
        var sentences = problems.Where(p => p.Field == field).Select(p => texts[$"Problem_{p.Code}", p.Values].Value).ToArray();
        return sentences.Length > 0 ? string.Join(' ', sentences) : null;
    }

    public static (ChipTone Tone, string Glyph, string Word) Status(this IStringLocalizer<CampaignsText> texts, CampaignStatus status, long inDoubt = 0) => status switch
    {
        CampaignStatus.Draft => (ChipTone.Skipped, "✎", texts["Status_Draft"]),
        CampaignStatus.AwaitingApproval => (ChipTone.Doubt, "?", texts["Status_AwaitingApproval"]),
        CampaignStatus.Scheduled => (ChipTone.Accent, "◷", texts["Status_Scheduled"]),
        CampaignStatus.Missed => (ChipTone.Doubt, "!", texts["Status_Missed"]),
        CampaignStatus.Preparing => (ChipTone.Sent, "▶", texts["Status_Preparing"]),
        CampaignStatus.Running => (ChipTone.Sent, "▶", texts["Status_Running"]),
        CampaignStatus.Paused => (ChipTone.Doubt, "‖", texts["Status_Paused"]),
        CampaignStatus.Stopped => (ChipTone.Failed, "■", texts["Status_Stopped"]),
        CampaignStatus.Finished when inDoubt > 0 => (ChipTone.Doubt, "◆", texts["Status_FinishedInDoubt", inDoubt]),
        CampaignStatus.Finished => (ChipTone.Delivered, "✓", texts["Status_Finished"]),
        _ => (ChipTone.Skipped, "–", texts["Status_Cancelled"]),
    };

    public static ChipTone Tone(this PersonState state) => state switch
    {
        PersonState.Delivered => ChipTone.Delivered,
        PersonState.Sent or PersonState.Sending => ChipTone.Sent,
        PersonState.InDoubt => ChipTone.Doubt,
        PersonState.Failed => ChipTone.Failed,
        PersonState.Waiting => ChipTone.Waiting,
        _ => ChipTone.Skipped,
    };

    /// <summary>Why somebody is in their state, in plain words; empty where the state says it all.</summary>
    public static string Why(this IStringLocalizer<CampaignsText> texts, PersonLine person) => person switch
    {
        { Why: "receipt" } => texts.Of("Why_receipt_", person.Word.ToUpperInvariant()),
        { Why: "twice" } => texts["Why_twice"],
        { Why: "part" } => texts["Why_part", [.. person.Word.Split('/')]],
        { Why: "code" } => texts.Of("Why_code_", person.Word),
        { Why: "doubt" } => texts.Doubt(person.Word),
        { Why: "skip" } => texts["Why_skip_" + person.Word],
        { State: PersonState.Sent } => texts["Why_waits"],
        _ => "",
    };

    public static string Doubt(this IStringLocalizer<CampaignsText> texts, string word) => texts.Of("Why_doubt_", word);

    public static string Code(this IStringLocalizer<CampaignsText> texts, string code) => texts.Of("Why_code_", code);

    /// <summary>Why people were skipped, with their numbers: "opted out 830, a field is missing 12".</summary>
    public static string? Reasons(this IStringLocalizer<CampaignsText> texts, IReadOnlyList<SkipCount> skips, long calledOff)
    {
        var parts = skips.Select(s => texts[$"Reason_{s.Reason}", s.People].Value).ToList();
        if (calledOff > 0)
            parts.Add(texts["Reason_CalledOff", calledOff]);
        return parts.Count > 0 ? string.Join(texts["List.Separator"], parts) : null;
    }

    public static string Number(long value) => value.ToString("N0", CultureInfo.CurrentCulture);

    // A word that nobody has seen before is shown as it came.
    private static string Of(this IStringLocalizer<CampaignsText> texts, string prefix, string word) =>
        texts[prefix + word.Trim()] is { ResourceNotFound: false } known ? known : texts[prefix + "other", word];
}
