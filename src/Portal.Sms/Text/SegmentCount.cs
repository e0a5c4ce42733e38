namespace Portal.Sms.Text;

/// <summary>How a text goes over the air.</summary>
public enum SmsEncoding
{
    /// <summary>The default alphabet, 7 bits a character (3GPP TS 23.038 section 6.2.1).</summary>
    Gsm7,

    /// <summary>16 bits a character, for everything else.</summary>
    Ucs2,
}

/// <summary>What a text costs.</summary>
/// <param name="Encoding">Gsm7 only when every character is in the default alphabet or its extension.</param>
/// <param name="Units">Septets (an extension character is two) or UTF-16 units (most emoji are two or more).</param>
/// <param name="Segments">Billed parts: 0 for an empty text.</param>
/// <param name="NotGsm">Each different character that forces Ucs2, as the reader sees it, in order of appearance.</param>
public sealed record SegmentCount(SmsEncoding Encoding, int Units, int Segments, IReadOnlyList<string> NotGsm);
