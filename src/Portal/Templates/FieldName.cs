using System.Text;

namespace Portal.Templates;

/// <summary>What may stand between the braces of <c>{{field}}</c>.</summary>
public static class FieldName
{
    /// <summary>The form in which names are compared and kept: without blanks around it, lower case.</summary>
    public static string Normal(string name) => name.Trim().ToLowerInvariant();

    /// <summary>Letters of any script, digits, underscores and blanks, and not blanks alone.</summary>
    public static bool IsValid(string name)
    {
        var text = name.AsSpan().Trim();
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsLetterOrDigit(rune) && rune.Value is not ('_' or ' '))
                return false;
        }
        return text.Length > 0;
    }
}
