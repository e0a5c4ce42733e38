using Bunit;
using Portal.Receipts;
using Portal.Web.Receipts;

namespace Portal.Web.Tests.Receipts;

public sealed class OwnAddressPanelTests : PortalContext
{
    private const string Token = "0123456789abcdef0123456789abcdef0123beef";
    private static readonly OwnAddress _newest = new("beef", Now.AddMinutes(-1), "Mei Lin", null, null);
    private static readonly OwnAddress _old = new("cafe", Now.AddDays(-30), "Mei Lin", Now.AddHours(24), Now.AddMinutes(-5));

    [Theory]
    [InlineData("en", "Receipts are not signed", "Make one…")]
    [InlineData("zh-Hans", "回执没有签名", "生成…")]
    public void Without_one_it_says_what_it_is_for(string culture, string what, string make)
    {
        UseCulture(culture);
        var panel = Panel(new([], null));
        Assert.Contains(what, panel.Markup, StringComparison.Ordinal);
        Assert.Equal(make, Assert.Single(panel.FindAll("button")).TextContent);
    }

    [Theory]
    [InlineData("en", "it is shown only this once", "The one before works until")]
    [InlineData("zh-Hans", "只显示这一次", "之前的地址可用至")]
    public void A_new_one_can_be_copied_while_the_old_one_works(string culture, string once, string old)
    {
        UseCulture(culture);
        var panel = Panel(new([_newest, _old], null), new(Token, _old.EndsAt));
        Assert.Equal("https://portal.example/receipts/" + Token, Assert.Single(panel.FindAll("[data-copy]")).GetAttribute("data-copy"));
        Assert.Contains(once, panel.Markup, StringComparison.Ordinal);
        Assert.Contains(old, panel.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Later_only_its_end_is_shown_and_which_one_receipts_come_over()
    {
        var panel = Panel(new([_newest, _old], null));
        Assert.Empty(panel.FindAll("[data-copy]"));
        var rows = panel.FindAll(".check");
        Assert.Contains("••••beef", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("No receipt has come over it yet.", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("••••cafe", rows[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("Works until", rows[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("Last receipt over it:", rows[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_button_does_its_own()
    {
        List<string> asked = [];
        IRenderedComponent<OwnAddressPanel> Both(DateTimeOffset? since) => Render<OwnAddressPanel>(p => p
            .Add(o => o.View, new OwnAddressView([_newest], since)).Add(o => o.Address, "x").Add(o => o.MayChange, value: true)
            .Add(o => o.OnIssue, () => asked.Add("issue")).Add(o => o.OnWithdraw, () => asked.Add("withdraw")).Add(o => o.OnOnly, only => asked.Add("only " + only)));
        var off = Both(null);
        for (var i = 0; i < 3; i++)
            off.FindAll("button")[i].Click();
        Both(Now).FindAll("button")[0].Click();
        Assert.Equal(["only True", "issue", "withdraw", "only False"], asked);
    }

    [Fact]
    public void Who_may_not_change_it_is_offered_nothing()
    {
        Assert.Empty(Panel(new([_newest], Now), mayChange: false).FindAll("button"));
        Assert.Empty(Panel(new([], null), mayChange: false).FindAll("button"));
    }

    private IRenderedComponent<OwnAddressPanel> Panel(OwnAddressView view, IssuedAddress? issued = null, bool mayChange = true) => Render<OwnAddressPanel>(p => p
        .Add(o => o.View, view).Add(o => o.Issued, issued).Add(o => o.Address, "https://portal.example/receipts").Add(o => o.MayChange, mayChange));
}
