using System.Net;
using Bunit;
using Portal.Receipts;
using Portal.Web.Receipts;

namespace Portal.Web.Tests.Receipts;

public sealed class OperatorPartsTests : PortalContext
{
    private static readonly ParkedReason _unknown = new("unknown_apikey", 1_200, Now.AddHours(-3), Now.AddMinutes(-1));
    private static readonly ParkedReason _strange = new("a_new_word", 7, Now.AddHours(-1), Now);

    private static readonly ReceiptsView _view = new(
        Now, new(Now.AddSeconds(-30), 1234.6, 12.34, 2_100), 3, Now.AddMinutes(-2), 5, [], [], [_unknown, _strange], []);

    private static readonly ReplayView _open = new(Guid.NewGuid(), "unknown_apikey", Now, "Ann", 1_200, 300, 20, null, null, null);

    [Theory]
    [InlineData("en", "1,235 /s", "12.3 /s", "2.1 s", "3 wait, the oldest for 2 min", "1,207", "the oldest for 3 h")]
    [InlineData("zh-Hans", "1,235 条/秒", "12.3 条/秒", "2.1 秒", "3 条等待中，最早的已等 2 分钟", "1,207", "最早的已 3 小时")]
    public void The_pace_is_told_with_what_waits(string culture, params string[] figures)
    {
        UseCulture(culture);
        var row = Render<PaceRow>(p => p.Add(r => r.View, _view));
        Assert.All(figures, f => Assert.Contains(f, row.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_figures_there_is_a_dash_and_no_zero()
    {
        var row = Render<PaceRow>(p => p.Add(r => r.View, _view with { Pace = null, OldestWaiting = null, Waiting = 0, Parked = [] }));
        Assert.Equal(["–", "–", "–", "0"], row.FindAll(".figure-value").Select(f => f.TextContent));
        Assert.Contains("everything found its message", row.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "No account has this apikey")]
    [InlineData("zh-Hans", "没有账号使用此 apikey")]
    public void Each_reason_can_be_tried_again_and_all_of_them(string culture, string reason)
    {
        UseCulture(culture);
        List<string?> asked = [];
        var panel = Render<ParkedPanel>(p => p.Add(t => t.Reasons, [_unknown, _strange]).Add(t => t.OnReplay, r => asked.Add(r?.Reason)));
        Assert.Contains(reason, panel.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("a_new_word", panel.FindAll("tbody tr")[1].TextContent, StringComparison.Ordinal);
        panel.FindAll("tbody button")[0].Click();
        panel.Find(".panel-aside button").Click();
        Assert.Equal(["unknown_apikey", null], asked);
    }

    [Fact]
    public void While_one_is_under_way_no_other_is_offered()
    {
        var panel = Render<ParkedPanel>(p => p.Add(t => t.Reasons, [_unknown]).Add(t => t.Busy, value: true));
        Assert.All(panel.FindAll("button"), b => Assert.True(b.HasAttribute("disabled")));
        Assert.Contains("Nothing is parked", Render<ParkedPanel>(p => p.Add(t => t.Reasons, [])).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replay_shows_how_far_it_is_and_can_be_cancelled()
    {
        ReplayView? cancelled = null;
        var notice = Render<ReplayProgress>(p => p.Add(r => r.Replay, _open).Add(r => r.OnCancel, r => cancelled = r));
        Assert.Contains("300 of 1,200 tried, 20 found their message.", notice.Markup, StringComparison.Ordinal);
        Assert.Equal(("300", "1200"), (notice.Find("progress").GetAttribute("value"), notice.Find("progress").GetAttribute("max")));
        notice.Find("button").Click();
        Assert.Equal(_open, cancelled);
    }

    [Fact]
    public void Past_ones_tell_who_asked_and_who_ended_them()
    {
        var rows = Render<ReplaysPanel>(p => p.Add(r => r.Replays, [_open with { CancelledAt = Now, CancelledBy = "Bo" }, _open with { Id = Guid.NewGuid(), Reason = null, FinishedAt = Now }])).FindAll("tbody tr");
        Assert.Contains("Cancelled", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Bo", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("all reasons", rows[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("Done", rows[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_an_apikey_only_the_end_is_shown()
    {
        var rows = Render<ParkedKeysPanel>(p => p.Add(k => k.Keys, [new("no_message", "ab1=", "Lantern", "sms.example:443", 12, Now), new("unreadable", null, null, null, 1, Now)])).FindAll("tbody tr");
        Assert.Equal("••••ab1=", rows[0].QuerySelector("code")!.TextContent);
        Assert.Contains("Lantern sms.example:443", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("none, or too short to show", rows[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Hours_and_sources_stand_in_tables_and_say_when_there_are_none()
    {
        var hours = Render<HoursPanel>(p => p.Add(h => h.Hours, [new(Now, 1_000, 990, 10, 1_500), new(Now.AddHours(-1), 0, 0, 0, null)]));
        Assert.Equal(["1,000", "990", "10", "1.5 s"], hours.FindAll("tbody tr")[0].QuerySelectorAll("td").Select(c => c.TextContent));
        Assert.Contains("No figures yet", Render<HoursPanel>(p => p.Add(h => h.Hours, [])).Markup, StringComparison.Ordinal);
        var sources = Render<SourcesPanel>(p => p.Add(s => s.Sources, [new(IPAddress.Parse("203.0.113.7"), 5, 1, Now), new(null, 2, 2, Now)]));
        Assert.Contains("203.0.113.7", sources.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("others, or unknown", sources.FindAll("tbody tr")[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("No receipt came", Render<SourcesPanel>(p => p.Add(s => s.Sources, [])).Markup, StringComparison.Ordinal);
    }
}
