using System.Text;

namespace Portal.Contacts;

/// <summary>Names of contacts' fields: lower case, letters of any script, digits, underscores and single blanks.</summary>
public static class FieldNames
{
    public const int Longest = 40;

    /// <summary>The name that a column's heading gives; null when there is nothing in it to make one of.</summary>
    public static string? Of(string? heading)
    {
        var name = new StringBuilder();
        foreach (var rune in (heading ?? "").ToLowerInvariant().EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || rune.Value == '_')
                name.Append(rune);
            else if (name.Length > 0 && name[^1] != ' ')
                name.Append(' ');
            if (name.Length >= Longest)
                break;
        }
        var text = name.ToString().Trim();
        return text.Length == 0 ? null : text;
    }

    /// <summary>Whether a name is what <see cref="Of"/> would make of it.</summary>
    public static bool IsName(string name) => Of(name) == name;
}
