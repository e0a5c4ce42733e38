using System.Globalization;
using Bunit;
using Portal.Campaigns;
using Portal.Web.Campaigns;
using Portal.Web.Shell;

namespace Portal.Web.Tests.Campaigns;

public sealed class TimelineTests : PortalContext
{
    private static readonly string _due = Now.AddHours(2).ToString("O", CultureInfo.InvariantCulture);

    public static TheoryData<string, string, bool, string[]> Sentences => new()
    {
        { "en", "Lin Yue pressed Send: 48,000 people", true, ["campaign_scheduled", "Lin Yue", "48000", _due, "now"] },
        { "en", "Lin Yue scheduled it for today 18:42: 48,000 people", true, ["campaign_scheduled", "Lin Yue", "48000", _due, "planned"] },
        { "zh-Hans", "Lin Yue 安排在 今天 18:42 发送：48,000 人", true, ["campaign_scheduled", "Lin Yue", "48000", _due, "planned"] },
        { "en", "Prepared: 48,000 messages in 480 requests, 1,104 people skipped", false, ["campaign_prepared", "48000", "480", "1104"] },
        { "en", "3 requests in doubt, 300 people: Connection cut after the request left", false, ["doubts", "3", "300", "connection_cut"] },
        { "zh-Hans", "3 次请求存疑，300 人：请求发出后连接中断", false, ["doubts", "3", "300", "connection_cut"] },
        { "en", "The provider asked us to slow down (105), 2 times", false, ["slowed_down", "2", "200", "105"] },
        { "en", "2 requests refused, 2 people: The number is wrong (104)", false, ["refusals", "2", "2", "104"] },
        { "en", "Lin Yue cancelled it; 16,220 people were called off", true, ["campaign_cancelled", "Lin Yue", "16220"] },
        { "en", "All handed over: 47,890 people accepted, 0 in doubt", false, ["campaign_finished", "47890", "0"] },
        { "en", "Made by the schedule “Weekly offers” for 2026-11-23 09:00", false, ["campaign_made", "Weekly offers", "2026-11-23 09:00"] },
        { "zh-Hans", "由定期计划“Weekly offers”创建，时间为 2026-11-23 09:00", false, ["campaign_made", "Weekly offers", "2026-11-23 09:00"] },
        { "en", "Not started: its last allowed time, today 18:42, had passed", false, ["campaign_missed", _due, "too_late"] },
        { "en", "Not started: one of its lists does not exist any more", false, ["campaign_missed", "", "list_gone"] },
        { "zh-Hans", "未启动：账号已禁用", false, ["campaign_missed", "", "account_disabled"] },
        { "en", "Lin Yue planned it for today 18:42", true, ["campaign_moved", "Lin Yue", _due] },
        { "en", "Lin Yue skipped the run of 2026-11-23 09:00", true, ["run_skipped", "Lin Yue", "2026-11-23 09:00"] },
        { "en", "3 runs were missed, from 2026-11-20 09:00 to 2026-11-22 09:00; nothing was sent for them", false, ["schedule_missed", "3", "2026-11-20 09:00", "2026-11-22 09:00"] },
        { "zh-Hans", "Lin Yue 启用了计划，首次发送：今天 18:42", true, ["schedule_created", "Lin Yue", _due] },
        { "en", "1984 paused it", true, ["campaign_paused", "1984"] },
        { "en", " let it go on", true, ["campaign_resumed"] },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void What_happened_is_a_sentence(string culture, string sentence, bool byPerson, string[] told)
    {
        UseCulture(culture);
        Assert.Equal(sentence, Timeline(new Happening(Now, told[0], byPerson, told[1..])).Find(".timeline li > span:last-child").TextContent);
    }

    [Fact]
    public void The_reason_of_a_stopped_account_is_told_in_words() =>
        Assert.Contains("The account stopped: ", Timeline(new Happening(Now, "account_stopped", false, ["204"])).Markup, StringComparison.Ordinal);

    [Fact]
    public void What_has_no_sentence_is_left_out() =>
        Assert.Contains("Nothing yet.", Timeline(new Happening(Now, "something_new", false, [])).Markup, StringComparison.Ordinal);

    private IRenderedComponent<CampaignTimeline> Timeline(params Happening[] happenings) => Render<CampaignTimeline>(p => p
        .AddCascadingValue(new ShellTenant("lantern-tea", "Lantern Tea Co.", "Asia/Shanghai", Portal.Tenants.MemberRole.Owner)).Add(t => t.Happenings, happenings));
}
