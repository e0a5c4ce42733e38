using Bunit;
using Portal.Members;
using Portal.Web.Operators;

namespace Portal.Web.Tests.Operators;

public sealed class UnusualPanelTests : PortalContext
{
    private static readonly UnusualRow[] _rows =
    [
        new("harbour-books", "Harbour <b>Books</b>", "sign", 31_000, 10_000),
        new(null, null, "parked-receipts", 40_000, 10_000),
    ];

    [Theory]
    [InlineData("en", "The portal itself", "31,000 openings in this hour, usually 10,000 at most")]
    [InlineData("zh-Hans", "平台自身", "本小时解密 31,000 次，平时最多 10,000 次")]
    public void Each_is_said_with_whose_and_for_what(string culture, string own, string times)
    {
        UseCulture(culture);

        var panel = Render<UnusualPanel>(p => p.Add(x => x.Rows, _rows));

        Assert.Equal(["Harbour <b>Books</b>", own], panel.FindAll("tbody th").Select(h => h.TextContent));
        Assert.Equal(["sign", "parked-receipts"], panel.FindAll("tbody code").Select(c => c.TextContent));
        Assert.Contains(times, panel.Find("tbody tr").TextContent, StringComparison.Ordinal);
        Assert.Empty(panel.FindAll("tbody b"));
    }

    [Theory]
    [InlineData("en", "No secrets were opened")]
    [InlineData("zh-Hans", "本小时没有机密")]
    public void None_is_said_too(string culture, string said)
    {
        UseCulture(culture);

        var panel = Render<UnusualPanel>(p => p.Add(x => x.Rows, []));

        Assert.Contains(said, panel.Markup, StringComparison.Ordinal);
        Assert.Empty(panel.FindAll("table"));
    }
}
