using System.Globalization;

namespace Portal.Sms.Text;

/// <summary>Counts the billed segments of a text (3GPP TS 23.038 and TS 23.040: a part of several loses room to its header).</summary>
public static class Segments
{
    /// <summary>
    /// Counts. A character of two units (an extension character, a surrogate pair) is never cut in two,
    /// so a part may end one unit early.
    /// </summary>
    public static SegmentCount Count(string text)
    {
        foreach (var character in text)
        {
            if (GsmAlphabet.Septets(character) == 0)
                return CountUcs2(text);
        }
        return CountGsm(text);
    }

    private static SegmentCount CountGsm(string text)
    {
        const int Alone = 160;
        const int OfSeveral = 153;
        var parts = new Parts(OfSeveral);
        foreach (var character in text)
            parts.Add(GsmAlphabet.Septets(character));
        return new SegmentCount(SmsEncoding.Gsm7, parts.Units, parts.Count(Alone), []);
    }

    private static SegmentCount CountUcs2(string text)
    {
        const int Alone = 70;
        const int OfSeveral = 67;
        var parts = new Parts(OfSeveral);
        foreach (var rune in text.EnumerateRunes())
            parts.Add(rune.Utf16SequenceLength);
        return new SegmentCount(SmsEncoding.Ucs2, parts.Units, parts.Count(Alone), NotGsm(text));
    }

    private static List<string> NotGsm(string text)
    {
        var found = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            if (element.Any(c => GsmAlphabet.Septets(c) == 0) && seen.Add(element))
                found.Add(element);
        }
        return found;
    }

    private sealed class Parts(int room)
    {
        private int _full;
        private int _used;

        public int Units { get; private set; }

        public void Add(int units)
        {
            Units += units;
            if (_used + units > room)
            {
                _full++;
                _used = 0;
            }
            _used += units;
        }

        public int Count(int alone) => Units == 0 ? 0 : Units <= alone ? 1 : _full + 1;
    }
}
