using System.Globalization;
using System.Text.Json;

namespace Portal.Sms.Provider;

/// <summary>Values that may come as a text or as a number. Each method leaves the reader at the end of the value, whatever it was.</summary>
internal static class JsonScalar
{
    private const int LongestId = 64;
    private const NumberStyles Count = NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    /// <summary>A text as it is, a number as its digits, null as null; false for anything else.</summary>
    public static bool TryRead(ref Utf8JsonReader json, out string? text)
    {
        text = json.TokenType switch
        {
            JsonTokenType.String => json.GetString(),
            JsonTokenType.Number => Utf8.Text(json.ValueSpan),
            _ => null,
        };
        if (json.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null)
            return true;
        json.Skip();
        return false;
    }

    /// <summary>An id, null when empty. As a fraction or with an exponent it has lost digits: no id at all is better than a wrong one.</summary>
    public static bool TryReadId(ref Utf8JsonReader json, out string? id)
    {
        var number = json.TokenType is JsonTokenType.Number;
        if (!TryRead(ref json, out id))
            return false;
        if (id is null or "")
        {
            id = null;
            return true;
        }
        if (id.Length <= LongestId && !id.Contains('\0', StringComparison.Ordinal) && !(number && id.AsSpan().ContainsAny('.', 'e', 'E')))
            return true;
        id = null;
        return false;
    }

    /// <summary>A whole number, null when empty.</summary>
    public static bool TryReadCount(ref Utf8JsonReader json, out int? count)
    {
        count = null;
        if (!TryRead(ref json, out var text))
            return false;
        if (string.IsNullOrWhiteSpace(text))
            return true;
        if (!int.TryParse(text, Count, CultureInfo.InvariantCulture, out var read))
            return false;
        count = read;
        return true;
    }
}
