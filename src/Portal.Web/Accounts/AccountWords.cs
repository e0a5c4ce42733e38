using Microsoft.Extensions.Localization;
using Portal.Accounts;
using Portal.Web.Shell;

namespace Portal.Web.Accounts;

/// <summary>States, codes and problems in the person's language.</summary>
internal static class AccountWords
{
    private const string Unproven = "unproven";

    /// <summary>What is wrong with one field, null when nothing is; an empty field means the whole form.</summary>
    public static string? Error(this IStringLocalizer<AccountsText> texts, IEnumerable<Problem> problems, string field)
    {
        var sentences = problems.Where(p => p.Field == field).Select(p => texts[$"Problem_{p.Code}", p.Values].Value).ToArray();
        return sentences.Length > 0 ? string.Join(' ', sentences) : null;
    }

    /// <summary>What the provider's code, or our own word, means.</summary>
    public static string Code(this IStringLocalizer<AccountsText> texts, string code) =>
        texts[$"Code_{Shown(code)}"] is { ResourceNotFound: false } known ? known : texts["Code_other", code];

    /// <summary>What to do about it.</summary>
    public static string Remedy(this IStringLocalizer<AccountsText> texts, string code, string? missingAddress) => code switch
    {
        "204" when missingAddress is not null => texts["Code_204_Remedy", missingAddress],
        "204" => texts["Code_204_Remedy_all"],
        _ => texts[$"Code_{Shown(code)}_Remedy"] is { ResourceNotFound: false } known ? known : texts["Code_other_Remedy"],
    };

    /// <summary>The same for what only failed a request: a refusal, or a word for why nobody knows.</summary>
    public static string WhatToDo(this IStringLocalizer<AccountsText> texts, string code, string? missingAddress = null) =>
        char.IsAsciiDigit(code[0]) && code != "999" ? texts.Remedy(code, missingAddress) : texts["Code_doubt_Remedy"];

    public static (ChipTone Tone, string Glyph, string Word) State(this IStringLocalizer<AccountsText> texts, AccountState state, string? stoppedCode) => state switch
    {
        AccountState.Active => (ChipTone.Delivered, "✓", texts["State_active"]),
        AccountState.Disabled => (ChipTone.Skipped, "–", texts["State_disabled"]),
        _ when Waits(stoppedCode) => (ChipTone.Waiting, "○", texts["State_waits"]),
        _ => (ChipTone.Failed, "■", texts["State_stopped"]),
    };

    /// <summary>Nothing is wrong and nobody stopped it: the account is not let in yet.</summary>
    public static bool Waits(string? stoppedCode) => stoppedCode is not null && Shown(stoppedCode) == Unproven;

    // A held pair reads like one that is not proven: nobody learns here that another company has the same apikey.
    private static string Shown(string code) => code == "held" ? Unproven : code;
}
