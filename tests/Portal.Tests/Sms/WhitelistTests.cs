using System.Net;

using Portal.Sms.Provider;

namespace Portal.Tests.Sms;

public sealed class WhitelistTests
{
    private static readonly IPAddress _a = IPAddress.Parse("203.0.113.7");
    private static readonly IPAddress _b = IPAddress.Parse("203.0.113.70");
    private static readonly IPAddress _c = IPAddress.Parse("198.51.100.20");

    [Theory]
    [InlineData("203.0.113.7", WhitelistMeaning.Exact)]
    [InlineData("203.0.113.", WhitelistMeaning.Prefix)]
    [InlineData("203.", WhitelistMeaning.Prefix)]
    [InlineData("172.", WhitelistMeaning.Prefix)]
    [InlineData("192.", WhitelistMeaning.Prefix)]
    [InlineData("0.0.0.0", WhitelistMeaning.Everyone)]
    [InlineData("2a01:4f8::1", WhitelistMeaning.Exact)]
    [InlineData("192.168.", WhitelistMeaning.Private)]
    [InlineData("192.168.1.1", WhitelistMeaning.Private)]
    [InlineData("10.", WhitelistMeaning.Private)]
    [InlineData("172.31.", WhitelistMeaning.Private)]
    [InlineData("100.64.0.1", WhitelistMeaning.Private)]
    [InlineData("127.0.0.1", WhitelistMeaning.Private)]
    [InlineData("fd00::1", WhitelistMeaning.Private)]
    [InlineData("203.0.113", WhitelistMeaning.Invalid)]
    [InlineData("203.0.113.0/24", WhitelistMeaning.Invalid)]
    [InlineData("203.0.113.*", WhitelistMeaning.Invalid)]
    [InlineData("203.0.113.7.", WhitelistMeaning.Invalid)]
    [InlineData("203.0.113.256", WhitelistMeaning.Invalid)]
    [InlineData("203.0.113.07", WhitelistMeaning.Invalid)]
    [InlineData("203.0.113.7-9", WhitelistMeaning.Invalid)]
    [InlineData("203.0.113.7 198.51.100.20", WhitelistMeaning.Invalid)]
    [InlineData("203.0.113.7，198.51.100.20", WhitelistMeaning.Invalid)]
    [InlineData("3405803783", WhitelistMeaning.Invalid)]
    [InlineData("fe80::1%eth0", WhitelistMeaning.Invalid)]
    [InlineData(".", WhitelistMeaning.Invalid)]
    [InlineData("portal.example", WhitelistMeaning.Invalid)]
    public void An_item_has_its_meaning(string item, WhitelistMeaning meaning) =>
        Assert.Equal(meaning, Assert.Single(Whitelist.Check(item, []).Items).Meaning);

    [Theory]
    [InlineData("203.0.113.7,203.0.113.70,198.51.100.20", "")]
    [InlineData("203.0.113.7", "203.0.113.70,198.51.100.20")]
    [InlineData("203.0.113.", "198.51.100.20")]
    [InlineData("203.0.113.,198.", "")]
    [InlineData("203.0.113.7.", "203.0.113.7,203.0.113.70,198.51.100.20")]
    [InlineData("0.0.0.0", "")]
    [InlineData("", "203.0.113.7,203.0.113.70,198.51.100.20")]
    [InlineData(",,", "203.0.113.7,203.0.113.70,198.51.100.20")]
    [InlineData(" 203.0.113. ,\n198.51.100.20", "")]
    [InlineData("203.0.113.0/24,198.51.100.20", "203.0.113.7,203.0.113.70")]
    public void What_misses_of_ours_is_said(string pasted, string missing)
    {
        var report = Whitelist.Check(pasted, [_a, _b, _c]);
        Assert.Equal(missing, Whitelist.Line(report.Missing));
        Assert.Equal(3, report.Covered.Count + report.Missing.Count);
    }

    [Fact]
    public void A_prefix_goes_by_whole_parts_because_it_ends_with_a_dot()
    {
        var report = Whitelist.Check("203.0.113.7", [_a, _b]);
        Assert.Equal([_a], Assert.Single(report.Items).Covers);
        Assert.Equal([_b], report.Missing);
    }

    [Fact]
    public void Blanks_around_an_item_are_told() =>
        Assert.Equal([false, true], Whitelist.Check("203.0.113.7, 198.51.100.20", [_a]).Items.Select(i => i.HasBlanks));

    [Fact]
    public void The_line_to_paste_has_no_blank_and_nothing_twice()
    {
        IPAddress[] ours = [_a, _b, _a, _c.MapToIPv6()];
        Assert.Equal("203.0.113.7,203.0.113.70,198.51.100.20", Whitelist.Line(ours));
        Assert.Equal(["203.0.113.", "198.51.100."], Whitelist.Prefixes(ours));
        Assert.Empty(Whitelist.Check(Whitelist.Line(ours), ours).Missing);
        Assert.Empty(Whitelist.Check(string.Join(',', Whitelist.Prefixes(ours)), ours).Missing);
    }

    [Theory]
    [InlineData("203.0.113.17,203.0.113.18", null)]
    [InlineData("203.0.113.", null)]
    [InlineData("0.0.0.0", null)]
    [InlineData("", null)]
    [InlineData("203.0.113.17", "203.0.113.17,203.0.113.18")]
    [InlineData("198.51.100.7", "198.51.100.7,203.0.113.17,203.0.113.18")]
    [InlineData("203.0.113.17, 203.0.113.18", "203.0.113.17,203.0.113.18")]
    [InlineData("203.0.113.0/24,192.168.", "203.0.113.17,203.0.113.18")]
    [InlineData("203.0.113.17,203.0.113.17", "203.0.113.17,203.0.113.18")]
    public void The_whole_line_keeps_what_is_understood_and_adds_what_is_missing(string pasted, string? whole)
    {
        IPAddress[] ours = [IPAddress.Parse("203.0.113.17"), IPAddress.Parse("203.0.113.18")];

        Assert.Equal(whole, Whitelist.Complete(Whitelist.Check(pasted, ours)));
        if (whole is not null)
            Assert.Null(Whitelist.Complete(Whitelist.Check(whole, ours)));
    }

    [Fact]
    public void An_IPv6_address_of_ours_has_no_prefix_and_its_own_item()
    {
        var ours = IPAddress.Parse("2a01:4f8::1");
        Assert.Empty(Whitelist.Prefixes([ours]));
        Assert.Empty(Whitelist.Check("2A01:4F8:0::1", [ours]).Missing);
    }
}
