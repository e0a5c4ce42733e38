using Bunit;
using Portal.Campaigns;
using Portal.Web.Home;
using Portal.Web.Shell;

namespace Portal.Web.Tests.Campaigns;

public sealed class HomeTests : PortalContext
{
    private static readonly ShellTenant _tenant = new("lantern-tea", "Lantern Tea Co.", "Asia/Shanghai", Portal.Tenants.MemberRole.Owner);
    private static readonly HomeView _quiet = new([], [], [], [], new(0, null, 0, 0), []);

    [Theory]
    [InlineData("en", "Nothing. Everything goes on by itself.", "Account “Lantern SEA” stopped: ", "300 people in doubt: Connection cut after the request left", "was not started: its last allowed time had passed.")]
    [InlineData("zh-Hans", "没有，一切正常进行。", "账号“Lantern SEA”已停用：", "300 人存疑：请求发出后连接中断", "没有启动：已超过最晚启动时间。")]
    public void What_needs_somebody_is_told_with_the_way_to_it(string culture, string nothing, string stopped, string doubt, string missed)
    {
        UseCulture(culture);
        Assert.Contains(nothing, Needs(_quiet).Markup, StringComparison.Ordinal);
        var needs = Needs(_quiet with
        {
            StoppedAccounts = [new(Samples.Id, "Lantern SEA", "204", Now.AddHours(-2), 2)],
            Doubts = [new(Samples.Id, "Winter tasting", 300, 3, "connection_cut")],
            Missed = [new(Samples.Id, "Weekly offers", Now.AddHours(-1), "Asia/Shanghai", StartObstacle.TooLate)],
        });
        Assert.All([stopped, doubt, missed], words => Assert.Contains(words, needs.Markup, StringComparison.Ordinal));
        Assert.Equal("3", needs.Find(".panel-aside").TextContent);
        Assert.Equal(
            [$"/t/x/accounts/{Samples.Id}", $"/t/x/doubts?campaign={Samples.Id}", $"/t/x/campaigns/{Samples.Id}"], needs.FindAll(".need a").Select(a => a.GetAttribute("href")));
    }

    [Theory]
    [InlineData("en", "sends, but receipts have stopped", "1,200 messages without a receipt")]
    [InlineData("zh-Hans", "在发送短信，但回执已停止", "1,200 条短信没有回执")]
    public void An_account_whose_receipts_stopped_needs_somebody(string culture, string what, string messages)
    {
        UseCulture(culture);
        var needs = Needs(_quiet with { Silent = [new(Samples.Id, "Lantern SEA", 1200, Now.AddMinutes(-20), Now.AddHours(-1))] });
        Assert.Contains(what, needs.Markup, StringComparison.Ordinal);
        Assert.Contains(messages, needs.Markup, StringComparison.Ordinal);
        Assert.Equal($"/t/x/accounts/{Samples.Id}", needs.Find(".need a").GetAttribute("href"));
        Assert.Equal("1", needs.Find(".panel-aside").TextContent);
    }

    [Fact]
    public void What_goes_out_shows_its_pace_or_its_state()
    {
        var going = Going(
            new GoingOut(Samples.Line(CampaignStatus.Running), 100, new(98, Now.AddMinutes(3)), null),
            new GoingOut(Samples.Line(CampaignStatus.Paused) with { Id = Guid.NewGuid() }, 100, null, null),
            new GoingOut(Samples.Line(CampaignStatus.Finished) with { Id = Guid.NewGuid() }, 100, null, Now.AddMinutes(-9)));
        Assert.Contains("98 requests/s of 100", going.Markup, StringComparison.Ordinal);
        Assert.Contains("Paused", going.Markup, StringComparison.Ordinal);
        Assert.Contains("receipts still coming", going.Markup, StringComparison.Ordinal);
        Assert.Equal(3, going.FindAll("[role=img]").Count);
        Assert.Single(going.FindAll(".legend"));
    }

    [Fact]
    public void A_single_campaign_is_named_in_the_title_line_and_none_is_said()
    {
        Assert.Equal("Winter tasting", Going(new GoingOut(Samples.Line(CampaignStatus.Preparing), 100, null, null)).Find(".panel-aside a").TextContent);
        Assert.Contains("Nothing goes out at the moment.", Going().Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "96.4 %", "1.22 a message")]
    [InlineData("zh-Hans", "96.4 %", "平均每条短信 1.22 条")]
    public void Todays_figures_have_their_units(string culture, string share, string each)
    {
        UseCulture(culture);
        var figures = Render<TodayFiguresRow>(p => p.Add(r => r.Today, new TodayFigures(86_214, 0.9641, 80_000, 104_890)));
        Assert.Equal(["86,214", share, "104,890"], figures.FindAll(".figure-value").Select(f => f.TextContent));
        Assert.Contains(each, figures.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_day_without_receipts_has_no_share() =>
        Assert.Equal("–", Render<TodayFiguresRow>(p => p.Add(r => r.Today, new TodayFigures(0, null, 0, 0))).FindAll(".figure-value")[1].TextContent);

    [Fact]
    public void What_comes_next_has_its_time_or_is_a_draft()
    {
        var next = Render<NextPanel>(p => p.AddCascadingValue(_tenant).Add(n => n.BaseHref, "/t/x/campaigns")
            .Add(n => n.Next, [new(Samples.Id, "Loyalty reminder", Now.AddHours(2), 6_120), new(Samples.Id, "Weekly offers", Now.AddHours(3), 12, Repeats: true), new(Guid.NewGuid(), "浴缸清仓", null, null)]));
        Assert.Equal([$"/t/x/campaigns/{Samples.Id}", $"/t/x/campaigns/schedules/{Samples.Id}"], next.FindAll("tbody a").Take(2).Select(a => a.GetAttribute("href")));
        Assert.Equal(["Loyalty reminder|today 18:42|6,120", "Weekly offers repeats|today 19:42|12", "浴缸清仓 draft|no time yet|–"],
            next.FindAll("tr").Select(r => string.Join('|', r.Children.Select(c => c.TextContent.Trim()))));
        Assert.Contains("Nothing is planned.", Render<NextPanel>(p => p.Add(n => n.Next, []).Add(n => n.BaseHref, "")).Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<NeedsPanel> Needs(HomeView view) =>
        Render<NeedsPanel>(p => p.AddCascadingValue(_tenant).Add(n => n.View, view).Add(n => n.BaseHref, "/t/x"));

    private IRenderedComponent<GoingPanel> Going(params GoingOut[] going) =>
        Render<GoingPanel>(p => p.AddCascadingValue(_tenant).Add(g => g.Going, going).Add(g => g.BaseHref, "/t/x/campaigns"));
}
