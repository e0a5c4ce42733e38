using System.Globalization;
using Microsoft.Extensions.Localization;

namespace Portal.Web.Settings;

internal static class SettingsWords
{
    /// <summary>What is wrong with one field, null when nothing is; an empty field means the whole form.</summary>
    public static string? Error(this IStringLocalizer<SettingsText> texts, IEnumerable<Problem> problems, string field) =>
        problems.FirstOrDefault(p => p.Field == field) is { } problem ? texts["Problem_" + problem.Code, problem.Values].Value : null;

    /// <summary>Null for nothing typed; -1, which every use case refuses with the range, for what is no whole number.</summary>
    public static int? Number(string text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : int.TryParse(text.Trim(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var value) ? value : -1;

    public static string Text(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
