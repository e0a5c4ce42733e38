using Bunit;
using Portal.Campaigns;
using Portal.Web.Campaigns;
using Portal.Web.Shell;

namespace Portal.Web.Tests.Campaigns;

public sealed class DoubtPanelTests : PortalContext
{
    private static readonly ShellTenant _tenant = new("lantern-tea", "Lantern Tea Co.", "Asia/Shanghai", Portal.Tenants.MemberRole.Owner);

    private static readonly DoubtfulRequest _young = new(
        4, "timed_out", Now.AddMinutes(-10), 100, 12, Now.AddHours(2), Unknown: false, ["+86 198 •••• 1234", "+86 198 •••• 1235", "+86 198 •••• 1236"]);

    private static readonly DoubtfulRequest _old = new(9, "unreadable", Now.AddHours(-80), 2, 0, Now.AddHours(-78), Unknown: true, ["+86 198 •••• 2000", "+86 198 •••• 2001"]);

    [Theory]
    [InlineData("en", "In doubt", "No answer in time", "Probably sent: 12 of 100", "and 85 more", "May be sent again from today 18:42 Asia/Shanghai", "Unknown", "None so far")]
    [InlineData("zh-Hans", "存疑", "未及时收到应答", "很可能已发送：100 人中已有 12 份回执", "等另外 85 个", "最早可再次发送： 今天 18:42 Asia/Shanghai", "未知", "暂无")]
    public void Each_request_says_why_since_when_who_and_what_may_be_done(string culture, string doubt, string why, string receipts, string more, string from, string unknown, string none)
    {
        UseCulture(culture);
        var rows = Panel(Sending(_young, _old)).FindAll("tbody tr");
        Assert.All([doubt, why, receipts, more, from, "1234"], words => Assert.Contains(words, Words(rows[0].TextContent), StringComparison.Ordinal));
        Assert.All([unknown, none], words => Assert.Contains(words, Words(rows[1].TextContent), StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_too_young_cannot_be_sent_again_yet_and_both_decisions_reach_the_page()
    {
        var decided = new List<string>();
        var panel = Panel(Sending(_young, _old), onCount: r => decided.Add($"count {r?.BatchNo}"), onAgain: r => decided.Add($"again {r?.BatchNo}"));
        var buttons = panel.FindAll("tbody button");
        Assert.Equal([false, true, false, false], buttons.Select(b => b.HasAttribute("disabled")));
        Assert.Equal("Send to 2 people again", buttons[3].GetAttribute("aria-label"));
        buttons[0].Click();
        panel.FindAll("tbody button")[3].Click();
        panel.FindAll(".turn button")[0].Click();
        panel.FindAll(".turn button")[1].Click();
        Assert.Equal(["count 4", "again 9", "count ", "again "], decided);
    }

    [Fact]
    public void Who_only_looks_is_offered_nothing() =>
        Assert.Empty(Panel(Sending(_young, _old), mayDecide: false).FindAll("button"));

    [Fact]
    public void What_was_cancelled_is_not_sent_again_and_one_request_needs_no_decision_about_all()
    {
        var panel = Panel(Sending(_old) with { Cancelled = true, CampaignId = null, Name = "" });
        Assert.Equal(["Count as sent"], panel.FindAll("button").Select(b => b.TextContent));
        Assert.Contains("Test message", panel.Markup, StringComparison.Ordinal);
        Assert.Contains("nothing of it is sent again", panel.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_is_cut_says_so() =>
        Assert.Contains("1 of 300 requests are listed", Panel(Sending(_old) with { Batches = 300 }).Markup, StringComparison.Ordinal);

    private static DoubtfulSending Sending(params DoubtfulRequest[] requests) =>
        new(Samples.Id, Samples.Id, "Winter tasting", Cancelled: false, "Lantern CN", requests.Length, requests.Sum(r => r.Untold), 1, 2, requests);

    private static string Words(string text) => string.Join(' ', text.Split((char[])[' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));

    private IRenderedComponent<DoubtPanel> Panel(DoubtfulSending sending, bool mayDecide = true, Action<DoubtfulRequest?>? onCount = null, Action<DoubtfulRequest?>? onAgain = null) =>
        Render<DoubtPanel>(p => p.AddCascadingValue(_tenant).Add(d => d.Sending, sending).Add(d => d.MayDecide, mayDecide).Add(d => d.CampaignHref, "/t/x/campaigns/1")
            .Add(d => d.OnCount, onCount ?? (_ => { })).Add(d => d.OnSendAgain, onAgain ?? (_ => { })));
}
