using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Campaigns;
using Portal.Dispatch;
using Portal.Web.Campaigns;
using Portal.Web.Shell;

namespace Portal.Web.Tests.Campaigns;

public sealed class CampaignPartsTests : PortalContext
{
    [Theory]
    [InlineData("en", CampaignStatus.Draft, 0, "Draft", "tone-skipped")]
    [InlineData("en", CampaignStatus.AwaitingApproval, 0, "Awaiting approval", "tone-doubt")]
    [InlineData("en", CampaignStatus.Scheduled, 0, "Scheduled", "tone-accent")]
    [InlineData("en", CampaignStatus.Missed, 0, "Missed", "tone-doubt")]
    [InlineData("en", CampaignStatus.Preparing, 0, "Preparing", "tone-sent")]
    [InlineData("en", CampaignStatus.Running, 3, "Running", "tone-sent")]
    [InlineData("en", CampaignStatus.Paused, 0, "Paused", "tone-doubt")]
    [InlineData("en", CampaignStatus.Stopped, 0, "Stopped", "tone-failed")]
    [InlineData("en", CampaignStatus.Finished, 0, "Finished", "tone-delivered")]
    [InlineData("en", CampaignStatus.Finished, 300, "Finished, 300 in doubt", "tone-doubt")]
    [InlineData("en", CampaignStatus.Cancelled, 0, "Cancelled", "tone-skipped")]
    [InlineData("zh-Hans", CampaignStatus.Running, 0, "进行中", "tone-sent")]
    [InlineData("zh-Hans", CampaignStatus.Finished, 300, "已完成，300 人存疑", "tone-doubt")]
    public void A_state_has_its_word_and_its_colour(string culture, CampaignStatus status, long inDoubt, string word, string tone)
    {
        UseCulture(culture);
        var chip = Render<CampaignChip>(p => p.Add(c => c.Line, Samples.Line(status, outcome: Samples.Outcome with { InDoubt = inDoubt }))).Find(".chip");
        Assert.EndsWith(word, chip.TextContent, StringComparison.Ordinal);
        Assert.Contains(tone, chip.ClassList);
    }

    [Theory]
    [InlineData(CampaignStatus.Draft, "Go on with the draft")]
    [InlineData(CampaignStatus.Scheduled, "Cancel…")]
    [InlineData(CampaignStatus.Missed, "Cancel…")]
    [InlineData(CampaignStatus.Running, "Pause", "Cancel…")]
    [InlineData(CampaignStatus.Stopped, "Pause", "Cancel…")]
    [InlineData(CampaignStatus.Paused, "Resume", "Cancel…")]
    [InlineData(CampaignStatus.Finished, "Copy to a new draft")]
    [InlineData(CampaignStatus.Cancelled, "Copy to a new draft")]
    public void Only_what_makes_sense_is_offered(CampaignStatus status, params string[] actions) =>
        Assert.Equal(actions, Render<CampaignActions>(p => p.Add(a => a.View, Samples.View(status))).FindAll(".btn").Select(b => b.TextContent));

    [Theory]
    [InlineData("en", "New draft for the 12 refused")]
    [InlineData("zh-Hans", "为被拒绝的 12 人新建草稿")]
    public void Refused_people_of_a_finished_campaign_can_be_tried_again(string culture, string words)
    {
        UseCulture(culture);
        var tried = 0;
        var actions = Render<CampaignActions>(p => p.Add(a => a.View, Samples.View(CampaignStatus.Finished) with { Refused = 12 }).Add(a => a.OnRetry, () => tried++));
        actions.Find("button").Click();
        Assert.Equal((words, 1), (actions.Find("button").TextContent, tried));
        Assert.DoesNotContain(words, Render<CampaignActions>(p => p.Add(a => a.View, Samples.View(CampaignStatus.Running) with { Refused = 12 })).Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", 27, "Starts in 27 s.")]
    [InlineData("zh-Hans", 27, "27 秒后开始。")]
    [InlineData("en", 600, "Starts in 10 min.")]
    [InlineData("en", 86_400, "Scheduled for tomorrow 16:42, Asia/Shanghai.")]
    [InlineData("en", -1, "Starting…")]
    public void The_time_to_undo_is_counted_down(string culture, int seconds, string words)
    {
        UseCulture(culture);
        var undone = 0;
        var notices = Notices(Samples.View(CampaignStatus.Scheduled, Now.AddSeconds(seconds)), onUndo: () => undone++);
        Assert.Equal(words, notices.Find("b").TextContent);
        notices.Find("button").Click();
        Assert.Equal(1, undone);
    }

    [Fact]
    public void A_viewer_cannot_undo() =>
        Assert.Empty(Notices(Samples.View(CampaignStatus.Scheduled, Now.AddSeconds(20)), mayChange: false).FindAll("button"));

    [Theory]
    [InlineData("en", "204", "The account “Lantern CN” is stopped")]
    [InlineData("zh-Hans", "204", "账号“Lantern CN”已停用")]
    [InlineData("en", "disabled", "The account is disabled.")]
    public void A_stopped_campaign_says_why(string culture, string code, string words)
    {
        UseCulture(culture);
        Assert.Contains(words, Notices(Samples.View(CampaignStatus.Stopped, stoppedCode: code)).Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "day_messages", "The daily limit of 10,000 messages is used up; it goes on at tomorrow 00:00 (Asia/Shanghai).")]
    [InlineData("en", "account_month_segments", "The account’s monthly limit of 10,000 segments is used up")]
    [InlineData("en", "trial_messages", "The trial’s 10,000 messages a day are used up")]
    [InlineData("zh-Hans", "day_messages", "每日限额 10,000 条短信已用完，将于 明天 00:00（Asia/Shanghai）继续发送。")]
    public void A_campaign_that_waits_for_a_limit_says_why_and_until_when(string culture, string why, string words)
    {
        UseCulture(culture);
        var waits = new LimitWait(why, 10_000, new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.FromHours(8)), "Asia/Shanghai");
        Assert.Contains(words, Notices(Samples.View(CampaignStatus.Running) with { Waits = waits }).Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "Quiet hours: 1,234 people wait.", "India: 1,000 people. It is quiet there until 08:00; they get it tomorrow 10:30 (Asia/Shanghai).", "Unknown country (+1): 234 people get it tomorrow 14:30 (Asia/Shanghai), when it is quiet in no country with that code.")]
    [InlineData("zh-Hans", "免打扰时段：1,234 人等待发送。", "印度：1,000 人，当地 08:00 前不发送，将于 明天 10:30（Asia/Shanghai）收到。", "国家/地区未知（+1）：234 人将于 明天 14:30（Asia/Shanghai）收到，届时使用该区号的国家/地区均已不在免打扰时段。")]
    public void Who_waits_because_it_is_quiet_there_is_told_by_country_with_both_times(string culture, params string[] words)
    {
        UseCulture(culture);
        var until = new DateTimeOffset(2026, 11, 23, 10, 30, 0, TimeSpan.FromHours(8));
        var notices = Notices(Samples.View(CampaignStatus.Running) with { Quiet = [new("IN", 1_000, until, new(8, 0)), new("+1", 234, until.AddHours(4), null)] });
        Assert.All(words, w => Assert.Contains(w, notices.Markup, StringComparison.Ordinal));
        Assert.Equal(2, notices.FindAll("li").Count);
    }

    [Fact]
    public void Doubts_and_a_missed_start_are_explained_and_a_running_campaign_needs_no_notice()
    {
        Assert.Contains("300 people are in doubt.", Notices(Samples.View(CampaignStatus.Finished, inDoubt: 300)).Markup, StringComparison.Ordinal);
        Assert.Contains("its last allowed time had passed", Notices(Samples.View(CampaignStatus.Missed, Now)).Markup, StringComparison.Ordinal);
        Assert.Empty(Notices(Samples.View(CampaignStatus.Running)).FindAll(".notice"));
    }

    [Fact]
    public void What_came_due_before_a_restore_was_released_may_have_been_sent_and_says_so_until_it_is_missed_for_another_reason()
    {
        var view = Samples.View(CampaignStatus.Missed, Now) with { MissedWhy = StartObstacle.Restored };
        Assert.Contains("people may have it already", Notices(view).Markup, StringComparison.Ordinal);
        view = view with { MissedWhy = StartObstacle.TooLate };
        Assert.Contains("its last allowed time had passed", Notices(view).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_below_the_name_says_when_and_how_fast()
    {
        var sub = Render<CampaignSub>(p => p.AddCascadingValue(Tenant).Add(s => s.View, Samples.View(CampaignStatus.Running)));
        Assert.Equal("Started today 16:37 by Lin Yue · Lantern CN · batches of 100 · 98 of 100 requests/s · done about today 16:45 · 3 min left", Words(sub));
    }

    [Theory]
    [InlineData("en", 0.5, "1 min left")]
    [InlineData("en", 59, "59 min left")]
    [InlineData("en", 60, "1 h 0 min left")]
    [InlineData("en", 100.2, "1 h 41 min left")]
    [InlineData("zh-Hans", 100.2, "还需 1 小时 41 分钟")]
    [InlineData("zh-Hans", 59, "还需 59 分钟")]
    public void The_time_that_is_left_is_told(string culture, double minutes, string words)
    {
        UseCulture(culture);
        var view = Samples.View(CampaignStatus.Running) with { Speed = new(0, Now.AddMinutes(minutes)) };
        Assert.EndsWith(" · " + words, Words(Render<CampaignSub>(p => p.AddCascadingValue(Tenant).Add(s => s.View, view))), StringComparison.Ordinal);
    }

    [Fact]
    public void People_stand_with_state_and_reason()
    {
        var panel = People([
            new("+86 198 •••• 1234", PersonState.Delivered, "receipt", "DELIVRD", Now), new("+86 139 •••• 0087", PersonState.Failed, "receipt", "EXPIRED", Now),
            new("+91 980 ••• 1235", PersonState.InDoubt, "doubt", "connection_cut", Now), new("+65 81•• ••20", PersonState.Sent, "", "", Now),
            new("+86 177 •••• 5521", PersonState.Skipped, "skip", "suppressed", Now), new("+86 177 •••• 5522", PersonState.Failed, "code", "104", Now),
            new("+86 177 •••• 5523", PersonState.Failed, "receipt", "MK:0012", Now), new("+86 177 •••• 5524", PersonState.Waiting, "", "", null)]);
        Assert.Equal(
            ["Reached the phone DELIVRD", "Phone off or out of reach for too long EXPIRED", "Connection cut after the request left", "waiting for a receipt",
             "Opted out", "The number is wrong (104)", "The network’s own word MK:0012", ""],
            panel.FindAll("td.wrap").Select(c => c.TextContent));
        Assert.Equal(8, panel.FindAll(".chip").Count);
    }

    [Fact]
    public void Every_reason_has_its_words_in_chinese()
    {
        UseCulture("zh-Hans");
        var panel = People([new("1", PersonState.Failed, "receipt", "EXPIRED", Now), new("2", PersonState.InDoubt, "doubt", "timed_out", Now), new("3", PersonState.Skipped, "skip", "missing_field", Now)]);
        Assert.Equal(["手机长时间关机或不在服务区 EXPIRED", "未及时收到应答", "缺少文本所需的字段"], panel.FindAll("td.wrap").Select(c => c.TextContent));
    }

    [Fact]
    public void Pages_are_turned_where_there_are_more()
    {
        Assert.Empty(People([Person]).FindAll("button"));
        var panel = People([Person], next: new(50, null));
        Assert.True(panel.FindAll("button")[0].HasAttribute("disabled"));
        Assert.False(panel.FindAll("button")[1].HasAttribute("disabled"));
    }

    [Fact]
    public void A_state_is_chosen_and_an_empty_answer_explained()
    {
        PersonState? chosen = null;
        var panel = Render<PeoplePanel>(p => p.Add(x => x.Page, new PeoplePage([], null)).Add(x => x.Filter, PersonState.Failed).Add(x => x.OnFilter, s => chosen = s));
        Assert.Contains("Nobody is in this state", panel.Markup, StringComparison.Ordinal);
        panel.Find("select").Change("InDoubt");
        Assert.Equal(PersonState.InDoubt, chosen);
        panel.Find("select").Change("");
        Assert.Null(chosen);
    }

    [Theory]
    [InlineData("en", "opted out 830, a field is missing 12, called off 5")]
    [InlineData("zh-Hans", "已退订 830、缺少字段 12、已取消 5")]
    public void Reasons_of_skips_are_told_with_their_numbers(string culture, string words)
    {
        UseCulture(culture);
        var texts = Services.GetRequiredService<Microsoft.Extensions.Localization.IStringLocalizer<CampaignsText>>();
        Assert.Equal(words, texts.Reasons([new(SkipReason.Suppressed, 830), new(SkipReason.MissingField, 12)], 5));
        Assert.Null(texts.Reasons([], 0));
    }

    [Fact]
    public void The_list_shows_state_reason_and_numbers()
    {
        var table = Render<CampaignTable>(p => p.AddCascadingValue(Tenant).Add(t => t.BaseHref, "/t/x/campaigns")
            .Add(t => t.Lines, [Samples.Line(CampaignStatus.Stopped, "204"), Samples.Line(CampaignStatus.Draft, outcome: CampaignOutcome.None) with { Id = Guid.NewGuid(), Name = "" }]));
        Assert.Equal($"/t/x/campaigns/{Samples.Id}", table.Find("a").GetAttribute("href"));
        Assert.Contains("48,804", table.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("204", table.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Without a name", table.FindAll("tbody tr")[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("–", table.FindAll("tbody tr")[1].TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "300 people are in doubt.", "20 people are in requests that the provider accepted twice.", "did not take 3 numbers", "billed 120 segments; we count 100", "more than we counted")]
    [InlineData("zh-Hans", "300 人存疑。", "有 20 人的请求被服务商受理了两次。", "有 3 个号码未被服务商接收", "服务商计费 120 条，我们计数为 100 条", "多于我们的计数")]
    public void What_went_otherwise_than_asked_is_told_plainly(string culture, params string[] told)
    {
        UseCulture(culture);
        var view = Samples.View(CampaignStatus.Finished, inDoubt: 300) with { Doubles = new(20, 1), NotTaken = 3, Segments = 120, OwnSegments = 100 };
        var notices = Render<CampaignNotices>(p => p.Add(n => n.View, view).Add(n => n.DoubtsHref, "/t/x/doubts?campaign=1"));
        Assert.All(told, words => Assert.Contains(words, notices.Markup, StringComparison.Ordinal));
        Assert.Equal("/t/x/doubts?campaign=1", notices.Find("a.btn").GetAttribute("href"));
        Assert.Contains(culture == "en" ? "less than we counted" : "少于我们的计数", Notices(view with { Segments = 90 }).Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "The provider took 97 of 100 in this request; it does not say which", "Unknown", "Delivered twice: two requests reached the phone DELIVRD")]
    [InlineData("zh-Hans", "此请求的 100 个号码中服务商接收了 97 个，未说明是哪些", "未知", "送达两次：两次请求都到达了手机 DELIVRD")]
    public void Somebody_of_a_request_that_was_taken_in_part_and_a_double_say_so(string culture, string part, string unknown, string twice)
    {
        UseCulture(culture);
        var panel = People([
            new("1", PersonState.Sent, "part", "97/100", Now), new("2", PersonState.Sent, "part", "97/100", Now, Unknown: true), new("3", PersonState.Delivered, "twice", "DELIVRD", Now)]);
        Assert.Equal([part, part, twice], panel.FindAll("td.wrap").Select(c => c.TextContent));
        Assert.EndsWith(unknown, panel.FindAll(".chip")[1].TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "No receipt", "no receipt has come; a late one still counts")]
    [InlineData("zh-Hans", "无回执", "一直没有收到回执；之后收到的仍然有效")]
    public void Somebody_without_a_receipt_says_so(string culture, string state, string why)
    {
        UseCulture(culture);
        var panel = People([new("1", PersonState.NoReceipt, "", "", Now)]);
        Assert.EndsWith(state, panel.Find(".chip").TextContent, StringComparison.Ordinal);
        Assert.Equal(why, panel.Find("td.wrap").TextContent);
    }

    [Theory]
    [InlineData("en", "Later receipt: UNDELIV")]
    [InlineData("zh-Hans", "之后的回执：UNDELIV")]
    public void A_receipt_that_says_otherwise_stands_beside_the_one_that_counts(string culture, string later)
    {
        UseCulture(culture);
        var reasons = People([new("1", PersonState.Delivered, "receipt", "DELIVRD", Now, Later: "UNDELIV"), new("2", PersonState.Delivered, "receipt", "DELIVRD", Now)]).FindAll("td.wrap");
        Assert.EndsWith("DELIVRD " + later, reasons[0].TextContent, StringComparison.Ordinal);
        Assert.EndsWith("DELIVRD", reasons[1].TextContent, StringComparison.Ordinal);
    }

    /// <summary>SMPP's words, those of the provider's document, and what operators are known to say.</summary>
    [Theory]
    [InlineData("en", "The network’s own word")]
    [InlineData("zh-Hans", "网络返回的状态")]
    public void A_receipts_word_is_told_in_plain_words_and_stands_beside_them(string culture, string own)
    {
        UseCulture(culture);
        string[] known = ["DELIVRD", "UNDELIV", "EXPIRED", "REJECTD", "DELETED", "ACCEPTD", "ENROUTE", "UNKNOWN", "MK:0001", "DB:0141", "SIGFAIL", "MI:0042", "MI:0208", "CB:0053"];
        foreach (var (word, told) in known.Zip(Told([.. known])))
        {
            Assert.EndsWith(" " + word, told, StringComparison.Ordinal);
            Assert.DoesNotContain(own, told, StringComparison.Ordinal);
        }
        Assert.Equal([own + " MN:0001", own + " something new", Told(["DELIVRD"])[0].Replace("DELIVRD", "delivrd", StringComparison.Ordinal)], Told(["MN:0001", "something new", "delivrd"]));

        string[] Told(string[] words) => [.. People([.. words.Select(w => new PersonLine("1", PersonState.Failed, "receipt", w, Now))]).FindAll("td.wrap").Select(c => c.TextContent)];
    }

    private static ShellTenant Tenant { get; } = new("lantern-tea", "Lantern Tea Co.", "Asia/Shanghai", Portal.Tenants.MemberRole.Owner);

    private static PersonLine Person { get; } = new("+86 198 •••• 1234", PersonState.Sent, "", "", Now);

    private IRenderedComponent<PeoplePanel> People(IReadOnlyList<PersonLine> lines, PeopleCursor? next = null) =>
        Render<PeoplePanel>(p => p.AddCascadingValue(Tenant).Add(x => x.Page, new PeoplePage(lines, next)));

    private IRenderedComponent<CampaignNotices> Notices(CampaignView view, bool mayChange = true, Action? onUndo = null) =>
        Render<CampaignNotices>(p => p.Add(n => n.View, view).Add(n => n.MayChange, mayChange).Add(n => n.OnUndo, onUndo ?? (() => { })));

    private static string Words(IRenderedComponent<CampaignSub> sub)
    {
        var text = string.Concat(sub.Nodes.Select(n => n.TextContent));
        return string.Join(' ', text.Split((char[])[' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }
}
