using System.Globalization;
using System.Text;
using Portal.Sms.Provider;

namespace Portal.Accounts;

/// <summary>A key pair as a person typed it. It is kept byte for byte: what looks wrong in it is said, never mended.</summary>
public sealed class TypedKeyPair(string apiKey, string secret)
{
    private const int Longest = 512;

    /// <summary>The end of the apikey that may be shown; less of a short one.</summary>
    internal string Last4 => apiKey[^Math.Min(4, apiKey.Length / 3)..];

    /// <summary>Never the pair: it may end in a log.</summary>
    public override string ToString() => "***";

    internal List<Problem> Check() => [.. Check("ApiKey", apiKey), .. Check("Secret", secret)];

    internal KeyPair ToKeyPair() => new(Encoding.UTF8.GetBytes(apiKey), Encoding.UTF8.GetBytes(secret));

    private static IEnumerable<Problem> Check(string field, string value)
    {
        if (value.Length == 0)
            yield return new Problem(field, "required");
        else if (value.Length > Longest)
            yield return new Problem(field, "too_long", Longest);
        else if (FirstUnseen(value) is { } place)
            yield return new Problem(field, "has_blanks", place);
    }

    // A copied blank, line end or zero-width character cannot be seen in a field that shows dots.
    private static int? FirstUnseen(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsWhiteSpace(value[i]) || char.GetUnicodeCategory(value[i]) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate)
                return i + 1;
        }
        return null;
    }
}
