using FsCheck;
using FsCheck.Xunit;

using Portal.Sms.Text;

namespace Portal.Tests.Sms;

public sealed class SegmentsTests
{
    // 3GPP TS 23.038 section 6.2.1, by code point, in the order of its table.
    private static readonly int[] _defaultAlphabet =
    [
        0x40, 0xA3, 0x24, 0xA5, 0xE8, 0xE9, 0xF9, 0xEC, 0xF2, 0xC7, 0x0A, 0xD8, 0xF8, 0x0D, 0xC5, 0xE5,
        0x394, 0x5F, 0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E, 0xC6, 0xE6, 0xDF, 0xC9,
        .. Enumerable.Range(0x20, 4), 0xA4, .. Enumerable.Range(0x25, 0x40 - 0x25),
        0xA1, .. Enumerable.Range('A', 26), 0xC4, 0xD6, 0xD1, 0xDC, 0xA7,
        0xBF, .. Enumerable.Range('a', 26), 0xE4, 0xF6, 0xF1, 0xFC, 0xE0,
    ];

    private static readonly int[] _extension = [0x0C, 0x5E, 0x7B, 0x7D, 0x5C, 0x5B, 0x7E, 0x5D, 0x7C, 0x20AC];

    [Fact]
    public void Exactly_the_standards_characters_are_GSM()
    {
        Assert.Equal(127, _defaultAlphabet.Distinct().Count());
        for (var code = 0; code <= 0xFFFF; code++)
        {
            var expected = _defaultAlphabet.Contains(code) ? 1 : _extension.Contains(code) ? 2 : 0;
            Assert.Equal((code, expected), (code, GsmAlphabet.Septets((char)code)));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(160, 1)]
    [InlineData(161, 2)]
    [InlineData(306, 2)]
    [InlineData(307, 3)]
    [InlineData(459, 3)]
    [InlineData(460, 4)]
    public void GSM_text_has_160_alone_and_153_in_parts(int length, int segments) =>
        AssertCount(new string('a', length), SmsEncoding.Gsm7, length, segments);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(70, 1)]
    [InlineData(71, 2)]
    [InlineData(134, 2)]
    [InlineData(135, 3)]
    public void Other_text_has_70_alone_and_67_in_parts(int length, int segments) =>
        AssertCount(new string('码', length), SmsEncoding.Ucs2, length, segments);

    [Theory]
    [InlineData("€", 80, 160, 1)]
    [InlineData("€", 81, 162, 2)]
    [InlineData("€", 152, 304, 2)]
    [InlineData("€", 153, 306, 3)]
    [InlineData("😀", 35, 70, 1)]
    [InlineData("😀", 36, 72, 2)]
    [InlineData("😀", 66, 132, 2)]
    [InlineData("😀", 67, 134, 3)]
    public void A_pair_is_never_cut(string character, int times, int units, int segments) =>
        AssertCount(string.Concat(Enumerable.Repeat(character, times)), character == "€" ? SmsEncoding.Gsm7 : SmsEncoding.Ucs2, units, segments);

    [Fact]
    public void A_pair_at_the_edge_moves_to_the_next_part()
    {
        AssertCount(new string('a', 152) + "€" + new string('a', 151), SmsEncoding.Gsm7, 305, 2);
        AssertCount(new string('a', 152) + "€" + new string('a', 152), SmsEncoding.Gsm7, 306, 3);
    }

    [Theory]
    [InlineData("hello", "")]
    [InlineData("ÀÉàéçÇ", "À|ç")]
    [InlineData("您好，您", "您|好|，")]
    [InlineData("it’s “fine”…", "’|“|”|…")]
    [InlineData("ok 👍🏽 e\u0301 👍🏽", "👍🏽|e\u0301")]
    [InlineData("a\u00A0b\tc", "\u00A0|\t")]
    [InlineData("line\r\nline", "")]
    public void The_characters_that_double_the_price_are_named(string text, string names)
    {
        var count = Segments.Count(text);
        Assert.Equal(names, string.Join('|', count.NotGsm));
        Assert.Equal(names.Length > 0 ? SmsEncoding.Ucs2 : SmsEncoding.Gsm7, count.Encoding);
    }

    [Fact]
    public void Half_of_a_pair_is_counted_and_named()
    {
        var count = Segments.Count("a\uD83D");
        Assert.Equal((SmsEncoding.Ucs2, 2, 1), (count.Encoding, count.Units, count.Segments));
        Assert.Single(count.NotGsm);
    }

    // The oracle lays the pieces out one after another, as the standard's sender would.
    [Property]
    public bool Any_text_fits_its_segments_without_a_cut_pair(NonNull<string> seed, PositiveInt times)
    {
        var text = string.Concat(Enumerable.Repeat(seed.Get + "€a😀", (times.Get % 40) + 1));
        var gsm = new string([.. text.Where(c => GsmAlphabet.Septets(c) > 0)]);
        return Agrees(text, 70, 67, [.. text.EnumerateRunes().Select(r => r.Utf16SequenceLength)])
            && Agrees(gsm, 160, 153, [.. gsm.Select(GsmAlphabet.Septets)]);
    }

    private static bool Agrees(string text, int alone, int ofSeveral, int[] pieces)
    {
        var count = Segments.Count(text);
        if (count.Units != pieces.Sum() || count.Units <= alone)
            return count.Units == pieces.Sum() && count.Segments == Math.Min(1, count.Units);
        var parts = new List<int> { 0 };
        foreach (var piece in pieces)
        {
            if (parts[^1] + piece > ofSeveral)
                parts.Add(0);
            parts[^1] += piece;
        }
        return count.Segments == parts.Count && parts.TrueForAll(p => p <= ofSeveral) && parts.SkipLast(1).All(p => p >= ofSeveral - 1);
    }

    private static void AssertCount(string text, SmsEncoding encoding, int units, int segments)
    {
        var count = Segments.Count(text);
        Assert.Equal((encoding, units, segments), (count.Encoding, count.Units, count.Segments));
    }
}
