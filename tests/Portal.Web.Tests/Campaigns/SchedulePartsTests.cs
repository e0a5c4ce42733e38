using Bunit;
using Portal.Accounts;
using Portal.Campaigns;
using Portal.Web.Campaigns;

namespace Portal.Web.Tests.Campaigns;

public sealed class SchedulePartsTests : PortalContext
{
    private static readonly RepeatInput _repeat = new("daily 1 09:00", new(2026, 11, 20), new(2026, 12, 31), 120);

    [Theory]
    [InlineData("en", "Active", "Paused", "Ended", "Every day at 09:00")]
    [InlineData("zh-Hans", "启用", "已暂停", "已结束", "每天 09:00")]
    public void The_list_shows_state_rule_and_next_run(string culture, string active, string paused, string ended, string rule)
    {
        UseCulture(culture);
        var line = new ScheduleLine(Samples.Id, "Weekly offers", ScheduleState.Active, new DailyRule(1, new(9, 0)), "Asia/Shanghai", "Lantern CN", Now.AddHours(20), 1234, "Lin Yue");
        var table = Render<ScheduleTable>(p => p.Add(t => t.BaseHref, "/t/x/campaigns/schedules").Add(t => t.Lines,
            [line, line with { Id = Guid.NewGuid(), State = ScheduleState.Paused, NextDueAt = null }, line with { Id = Guid.NewGuid(), State = ScheduleState.Ended, NextDueAt = null }]));
        Assert.Equal([active, paused, ended], table.FindAll(".chip").Select(c => c.TextContent[1..]));
        Assert.Equal($"/t/x/campaigns/schedules/{Samples.Id}", table.Find("a").GetAttribute("href"));
        Assert.Contains(rule, table.Find("tbody tr").TextContent, StringComparison.Ordinal);
        Assert.Contains("12:42 Asia/Shanghai", table.Find("time").TextContent, StringComparison.Ordinal);
        Assert.Contains("1,234", table.Find("tbody tr").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "Skip", "Do not skip", "skipped")]
    [InlineData("zh-Hans", "跳过", "恢复", "已跳过")]
    public void A_run_can_be_skipped_and_a_skip_taken_back(string culture, string skip, string want, string skipped)
    {
        UseCulture(culture);
        var runs = RepeatPlan.Read(_repeat, "Asia/Shanghai", Now).Value.After(Now).Take(2).Select((r, i) => new RunAhead(r, i == 0)).ToList();
        RunAhead? asked = null;
        var list = Render<RunList>(p => p.Add(l => l.Runs, runs).Add(l => l.Zone, "Asia/Shanghai").Add(l => l.MayChange, true).Add(l => l.OnSkip, r => asked = r));
        Assert.Equal([want, skip], list.FindAll("button").Select(b => b.TextContent.Trim()));
        Assert.Contains(skipped, list.Find("li.skipped").TextContent, StringComparison.Ordinal);
        list.FindAll("button")[0].Click();
        Assert.Equal(runs[0] with { Skipped = false }, asked);
        list.FindAll("button")[1].Click();
        Assert.Equal(runs[1] with { Skipped = true }, asked);
        Assert.Empty(Render<RunList>(p => p.Add(l => l.Runs, runs).Add(l => l.Zone, "Asia/Shanghai")).FindAll("button"));
    }

    [Theory]
    [InlineData("en", AccountState.Disabled, "The account “Lantern CN” cannot send.", "you are asked about each")]
    [InlineData("zh-Hans", AccountState.Disabled, "账号“Lantern CN”无法发送。", "逐一询问您")]
    [InlineData("en", AccountState.Stopped, "The account “Lantern CN” cannot send.", "wait until it goes on")]
    public void An_account_that_cannot_send_is_told_before_a_run_is_due(string culture, AccountState state, string title, string what)
    {
        UseCulture(culture);
        var notice = Notices(View() with { AccountState = state }).Find(".notice");
        Assert.Contains(title, notice.TextContent, StringComparison.Ordinal);
        Assert.Contains(what, notice.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_is_gone_is_told_and_a_schedule_in_order_or_ended_needs_no_notice()
    {
        Assert.Contains("One of its lists does not exist", Notices(View() with { ListNames = [] }).Markup, StringComparison.Ordinal);
        Assert.Empty(Notices(View()).FindAll(".notice"));
        Assert.Empty(Notices(View() with { State = ScheduleState.Ended, AccountState = AccountState.Disabled, ListNames = [] }).FindAll(".notice"));
    }

    [Theory]
    [InlineData("en", "20 November 2026 to 31 December 2026", "2 h after its time")]
    [InlineData("zh-Hans", "2026年11月20日 至 2026年12月31日", "其时间后 2 小时")]
    public void The_plan_says_days_and_patience(string culture, string days, string within)
    {
        UseCulture(culture);
        var plan = Render<SchedulePlan>(p => p.Add(s => s.View, View())).FindAll("dd").Select(d => d.TextContent).ToList();
        Assert.Contains(days, plan);
        Assert.Contains(within, plan);
        Assert.Contains(culture == "en" ? "however late" : "不限", Render<SchedulePlan>(p => p.Add(s => s.View, View() with { Repeat = _repeat with { Until = null, Within = null } })).Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "Start the schedule", "Every day at 09:00", "until 31 December 2026", "could not start within 2 h")]
    [InlineData("zh-Hans", "启用定期计划", "每天 09:00", "至 2026年12月31日", "若 2 小时内未能启动")]
    public void The_review_shows_what_confirming_makes(string culture, string button, params string[] words)
    {
        UseCulture(culture);
        var model = new DraftModel { Id = Samples.Id, Name = "Weekly offers", Text = "Tea.", TimeZone = "Asia/Shanghai", Repeats = true, Repeat = RepeatModel.Of(_repeat) };
        var review = Samples.Review() with { Repeat = _repeat, Runs = [.. RepeatPlan.Read(_repeat, "Asia/Shanghai", Now).Value.After(Now).Take(5)] };
        var step = Render<ReviewStep>(p => p.Add(s => s.Model, model).Add(s => s.Review, review).Add(s => s.Address, Samples.StepAddress));
        Assert.Equal(button, step.Find("button.primary").TextContent.Trim());
        Assert.All(words, w => Assert.Contains(w, step.Markup, StringComparison.Ordinal));
        Assert.Equal(5, step.FindAll(".runs li").Count);
    }

    [Fact]
    public void A_mistake_of_the_rule_is_mended_at_the_time_step()
    {
        Assert.Equal(WizardStep.Time, WizardSteps.Of("RepeatCron"));
        Assert.Equal(WizardStep.Time, WizardSteps.Of("RepeatFrom"));
    }

    [Fact]
    public void The_tab_one_is_at_is_marked()
    {
        Assert.Equal("/c/schedules", Render<CampaignTabs>(p => p.Add(t => t.BaseHref, "/c").Add(t => t.Schedules, true)).Find("[aria-current=page]").GetAttribute("href"));
        Assert.Equal("/c", Render<CampaignTabs>(p => p.Add(t => t.BaseHref, "/c")).Find("[aria-current=page]").GetAttribute("href"));
    }

    [Theory]
    [InlineData("en", 12_000, null, true, false, "It goes to 12,000 people, so each run waits for a second person’s approval. Approved here once, its runs go out by themselves as long as they go to no more than 13,200 people.", true)]
    [InlineData("en", 12_000, null, true, true, "You made or changed it, so another manager decides.", false)]
    [InlineData("en", 12_000, null, false, false, "A manager or owner other than its author decides.", false)]
    [InlineData("en", 12_000, 13_200, true, false, "Wang Lei approved runs to up to 13,200 people.", false)]
    [InlineData("en", 14_000, 13_200, true, false, "It would go to 14,000 people now, more than the 13,200 that were approved.", true)]
    [InlineData("zh-Hans", 12_000, null, true, false, "将发送给 12,000 人，因此每次发送都须由他人审批。 在此批准一次后，只要不超过 13,200 人，就会自动发送。", true)]
    [InlineData("zh-Hans", 12_000, 13_200, true, false, "Wang Lei 已批准不超过 13,200 人的发送。", false)]
    public void Who_has_approved_a_schedule_or_may_is_told_and_asked(string culture, int people, int? upTo, bool mayDecide, bool isOwn, string words, bool asked)
    {
        UseCulture(culture);
        var approved = 0;
        var notice = Render<ScheduleApprovalNotice>(p => p
            .Add(n => n.Approval, new ScheduleApproval(Now, 10_000, people, upTo, upTo is null ? null : "Wang Lei", isOwn)).Add(n => n.MayDecide, mayDecide).Add(n => n.OnApprove, () => approved++));
        Assert.Contains(words, System.Text.RegularExpressions.Regex.Replace(notice.Find(".notice-text").TextContent, "\\s+", " "), StringComparison.Ordinal);
        foreach (var button in notice.FindAll("button"))
            button.Click();
        Assert.Equal(asked ? 1 : 0, approved);
    }

    private IRenderedComponent<ScheduleNotices> Notices(ScheduleView view) => Render<ScheduleNotices>(p => p.Add(n => n.View, view).Add(n => n.AccountHref, "/a"));

    private static ScheduleView View() => new(
        Samples.Id, "Weekly offers", ScheduleState.Active, Now, Samples.Id, "Lantern CN", AccountState.Active, [Samples.Id], ["Members"], "Tea.", "Asia/Shanghai",
        new DailyRule(1, new(9, 0)), _repeat, [], [], []);
}
