using Microsoft.Extensions.Localization;

namespace Portal.Web.Contacts;

/// <summary>Problems and reasons in the person's language.</summary>
internal static class ContactWords
{
    /// <summary>What is wrong with one field, null when nothing is; an empty field means the whole form.</summary>
    public static string? Error(this IStringLocalizer<ContactsText> texts, IEnumerable<Problem> problems, string field)
    {
        var sentences = problems.Where(p => p.Field == field).Select(p => texts[$"Problem_{p.Code}", p.Values].Value).ToArray();
        return sentences.Length > 0 ? string.Join(' ', sentences) : null;
    }

    /// <summary>Why a line of an import, or a pasted number, was not taken.</summary>
    public static string Reason(this IStringLocalizer<ContactsText> texts, string reason) => texts[$"Reason_{reason}"];
}
