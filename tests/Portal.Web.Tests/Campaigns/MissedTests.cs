using Bunit;
using Portal.Campaigns;
using Portal.Web.Campaigns;

namespace Portal.Web.Tests.Campaigns;

public sealed class MissedTests : PortalContext
{
    private static readonly MissedCampaign _missed = new(Samples.Id, "Weekly offers", Now.AddHours(-3), "Asia/Shanghai", StartObstacle.TooLate);

    [Theory]
    [InlineData("en", "too_late", "its last allowed time had passed.")]
    [InlineData("zh-Hans", "too_late", "已超过最晚启动时间。")]
    [InlineData("en", "account_disabled", "its account is disabled.")]
    [InlineData("zh-Hans", "account_disabled", "账号已禁用。")]
    [InlineData("en", "account_missing", "its account does not exist any more.")]
    [InlineData("en", "list_gone", "one of its lists does not exist any more.")]
    [InlineData("zh-Hans", "list_gone", "其中一个列表已不存在。")]
    public void A_missed_campaign_says_why_and_when_it_was_due(string culture, string why, string words)
    {
        UseCulture(culture);
        var row = Row(_missed with { Why = why });
        Assert.Contains(words, row.Markup, StringComparison.Ordinal);
        Assert.Contains("13:42 Asia/Shanghai", row.Find("time").TextContent, StringComparison.Ordinal);
        Assert.Equal($"/c/{Samples.Id}", row.Find("a").GetAttribute("href"));
    }

    [Theory]
    [InlineData("en", "Send now", "Choose another time", "Do not send")]
    [InlineData("zh-Hans", "立即发送", "另选时间", "不发送")]
    public void The_question_has_three_answers(string culture, params string[] answers)
    {
        UseCulture(culture);
        List<string> given = [];
        var row = Row(_missed, MissedState.Idle, given);
        Assert.Equal(answers, row.FindAll("button").Select(b => b.TextContent.Trim()));
        row.FindAll("button")[0].Click();
        row.FindAll("button")[2].Click();
        row.FindAll("button")[1].Click();
        row.Find("[name=PlannedAt]").Change("2026-12-01T10:00");
        row.Find("button.primary").Click();
        Assert.Equal(["send", "drop", "move 2026-12-01 10:00"], given);
    }

    [Theory]
    [InlineData("en", "Choose a day and a time.")]
    [InlineData("zh-Hans", "请选择日期和时间。")]
    public void Without_a_time_nothing_is_planned(string culture, string sentence)
    {
        UseCulture(culture);
        List<string> given = [];
        var row = Row(_missed, MissedState.Idle, given);
        row.FindAll("button")[1].Click();
        row.Find("button.primary").Click();
        Assert.Contains(sentence, row.Find(".field-error").TextContent, StringComparison.Ordinal);
        Assert.Empty(given);
    }

    [Fact]
    public void Why_an_answer_was_refused_stands_at_its_campaign_only()
    {
        var refused = new MissedState(false, Samples.Id, [new Problem("AccountId", "account_disabled", "Lantern CN")]);
        Assert.Contains("The account “Lantern CN” is disabled.", Row(_missed, refused).Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("is disabled.", Row(_missed with { Id = Guid.NewGuid() }, refused).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_viewer_is_not_asked_and_while_one_answer_is_carried_out_no_other_is_taken()
    {
        Assert.Empty(Row(_missed).FindAll("button"));
        Assert.All(Row(_missed, MissedState.Idle with { Busy = true }).FindAll("button"), b => Assert.True(b.HasAttribute("disabled")));
    }

    [Theory]
    [InlineData("en", "What now?", "one of its lists does not exist")]
    [InlineData("zh-Hans", "接下来怎么办？", "其中一个列表已不存在")]
    public void The_campaigns_own_page_asks_as_well(string culture, string question, string why)
    {
        UseCulture(culture);
        MissedCampaign? sent = null;
        var notices = Render<CampaignNotices>(p => p.Add(n => n.View, Samples.View(CampaignStatus.Missed, Now) with { MissedWhy = "list_gone" }).Add(n => n.MayChange, true).Add(n => n.OnSend, m => sent = m));
        Assert.Contains(question, notices.Markup, StringComparison.Ordinal);
        Assert.Contains(why, notices.Markup, StringComparison.Ordinal);
        notices.FindAll("button")[0].Click();
        Assert.Equal(Samples.Id, sent!.Id);
    }

    private IRenderedComponent<MissedRow> Row(MissedCampaign campaign, MissedState? answers = null, List<string>? given = null) => Render<MissedRow>(p => p
        .Add(r => r.Campaign, campaign).Add(r => r.Answers, answers).Add(r => r.BaseHref, "/c")
        .Add(r => r.OnSend, _ => given?.Add("send")).Add(r => r.OnDrop, _ => given?.Add("drop"))
        .Add(r => r.OnMove, m => given?.Add("move " + m.At.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture))));
}
