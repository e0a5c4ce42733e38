using System.Buffers;
using System.Text;

namespace Portal.Simulator.Calls;

/// <summary>
/// How many parts a text is billed as: 160 septets or 153 each in the alphabet of GSM 03.38, else 70 UTF-16 units or 67 each.
/// A character is never cut: what does not fit goes to the next part.
/// </summary>
internal static class BilledParts
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const string Escaped = "^{}\\[~]|€\f";
    private static readonly SearchValues<char> _gsm = SearchValues.Create(Basic + Escaped);
    private static readonly SearchValues<char> _twoSeptets = SearchValues.Create(Escaped);

    public static int Of(string text) => text.AsSpan().ContainsAnyExcept(_gsm)
        ? Pack(text, 70, 67, static rune => rune.Utf16SequenceLength)
        : Pack(text, 160, 153, static rune => _twoSeptets.Contains((char)rune.Value) ? 2 : 1);

    private static int Pack(string text, int single, int multiple, Func<Rune, int> widthOf)
    {
        var total = 0;
        var parts = 1;
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var width = widthOf(rune);
            total += width;
            used += width;
            if (used > multiple)
            {
                parts++;
                used = width;
            }
        }
        return total <= single ? 1 : parts;
    }
}
