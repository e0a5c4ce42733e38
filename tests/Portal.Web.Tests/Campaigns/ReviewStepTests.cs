using Bunit;
using Portal.Campaigns;
using Portal.Web.Campaigns;

namespace Portal.Web.Tests.Campaigns;

public sealed class ReviewStepTests : PortalContext
{
    [Theory]
    [InlineData("en", false, "Send to 950 people…")]
    [InlineData("zh-Hans", false, "向 950 人发送…")]
    [InlineData("en", true, "Schedule for today 16:42")]
    [InlineData("zh-Hans", true, "安排在 今天 16:42 发送")]
    public void The_one_button_says_what_it_does(string culture, bool later, string words)
    {
        UseCulture(culture);
        var model = Samples.Draft();
        model.Later = later;
        Assert.Equal(words, Step(Samples.Review(), model).Find("button.primary").TextContent.Trim());
    }

    [Fact]
    public void The_numbers_add_up_before_ones_eyes()
    {
        var rows = Step(Samples.Review()).FindAll("table tr").Select(r => r.QuerySelector("th")!.TextContent + " " + r.QuerySelector("td")!.TextContent);
        Assert.Equal(["On the lists 1,000", "On more than one list -20", "Opted out -30", "People who get it 950"], rows);
    }

    [Theory]
    [InlineData("en", "Country not allowed: Thailand -7", "Country not allowed: unknown -2", "Not an own number (trial) -4", "Written to often enough lately -3")]
    [InlineData("zh-Hans", "未开通的国家/地区：泰国 -7", "未开通的国家/地区：未知 -2", "非本公司号码（试用） -4", "近期已达到发送次数上限 -3")]
    public void Whom_a_rule_keeps_out_is_told_by_reason_and_country(string culture, params string[] words)
    {
        UseCulture(culture);
        var rows = Step(Samples.Review() with { OtherCountries = [new("TH", 7), new(null, 2)], Trial = 4, TooOften = 3 })
            .FindAll("table tr").Select(r => r.QuerySelector("th")!.TextContent + " " + r.QuerySelector("td")!.TextContent).ToList();
        Assert.Equal(words, rows[3..7]);
    }

    [Theory]
    [InlineData("en", "Ask for approval: 950 people", "need a second person’s approval")]
    [InlineData("zh-Hans", "申请审批：950 人", "须由另一位管理员批准")]
    public void Above_the_number_approval_is_asked_for(string culture, string button, string notice)
    {
        UseCulture(culture);
        var step = Step(Samples.Review() with { NeedsApproval = true });
        Assert.Equal(button, step.Find("button.primary").TextContent.Trim());
        Assert.Contains(notice, step.Find(".notice").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "China: 300 people get it tomorrow 08:00 (Asia/Shanghai).", "Thailand: 7 people could only get it tomorrow 09:00 (Asia/Shanghai). That is past its last allowed time, so they get nothing.", "Russia: 5 people would wait for good, because it is quiet on one clock or another at every hour. Change the quiet hours in the settings.")]
    [InlineData("zh-Hans", "中国：300 人将于 明天 08:00（Asia/Shanghai）收到。", "泰国：7 人最早只能于 明天 09:00（Asia/Shanghai）收到，已超过最晚允许时间，因此不会发送给他们。", "俄罗斯：5 人将一直等待，因为任何时刻当地总有时区处于免打扰时段。请在设置中修改免打扰时段。")]
    public void Who_is_put_off_because_it_is_quiet_there_is_told_with_the_time(string culture, params string[] words)
    {
        UseCulture(culture);
        var morning = new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.FromHours(8));
        var step = Step(Samples.Review() with { QuietMoves = [new("CN", 300, morning), new("TH", 7, morning.AddHours(1), Dropped: true), new("RU", 5, morning.AddDays(14), Never: true)] });
        Assert.Equal(words, step.FindAll(".notice li").Select(l => l.TextContent));
        Assert.Single(step.FindAll(".notice-warn"));
        Assert.Empty(Step(Samples.Review() with { QuietMoves = [new("CN", 300, morning)] }).FindAll(".notice-warn"));
    }

    [Theory]
    [InlineData("en", "Unknown country (+1), so under the quiet hours of every country with that code: 5 people get it tomorrow 08:00 (Asia/Shanghai).")]
    [InlineData("zh-Hans", "国家/地区未知（+1，适用所有使用该区号的国家/地区的免打扰时段）：5 人将于 明天 08:00（Asia/Shanghai）收到。")]
    public void Who_is_of_no_known_country_is_told_too(string culture, string words)
    {
        UseCulture(culture);
        var step = Step(Samples.Review() with { QuietMoves = [new("+1", 5, new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.FromHours(8)))] });
        Assert.Equal(words, step.Find(".notice li").TextContent);
    }

    [Fact]
    public void What_stands_in_the_way_is_listed_with_the_step_to_mend_it_and_nothing_can_be_sent()
    {
        var step = Step(Samples.Review(new Problem("Text", "text_empty"), new Problem("AccountId", "account_stopped", "Lantern CN")));
        Assert.Equal(["/edit?step=Text", "/edit?step=Audience"], step.FindAll(".problems a").Select(a => a.GetAttribute("href")));
        Assert.True(step.Find("button.primary").HasAttribute("disabled"));
    }

    [Theory]
    [InlineData("en", "12 people lack a field of the text and would get nothing.", "name: 12", "Say that they are to be skipped")]
    [InlineData("zh-Hans", "有 12 人缺少文本所需的字段，不会收到短信。", "name：12", "请确认跳过他们")]
    public void People_who_lack_a_field_are_told_and_the_skip_must_be_accepted(string culture, string title, string field, string error)
    {
        UseCulture(culture);
        var model = Samples.Draft();
        var step = Step(Samples.Review() with { Incomplete = 12, Missing = [new("name", 12)] }, model, new Problem("AcceptSkips", "fields_missing", 12L));
        Assert.Contains(title, step.Markup, StringComparison.Ordinal);
        Assert.Contains(field, step.Markup, StringComparison.Ordinal);
        Assert.Contains(error, step.Find(".field-error").TextContent, StringComparison.Ordinal);
        step.Find("[name=AcceptSkips]").Change(true);
        Assert.True(model.AcceptSkips);
    }

    [Fact]
    public void What_looks_wrong_is_said()
    {
        var step = Step(Samples.Review() with
        {
            AsksForReply = "Reply STOP",
            SameTextLately = new EarlierCampaign("First snow", Now.AddDays(-1), 900),
            Ucs2 = 950,
            NotGsm = ["–"],
            TimeRepeats = true,
        });
        Assert.Contains("“Reply STOP”, but nobody can reply", step.Markup, StringComparison.Ordinal);
        Assert.Contains("“First snow” sent the same text yesterday 16:42 to 900", step.Markup, StringComparison.Ordinal);
        Assert.Contains("because of: –", step.Markup, StringComparison.Ordinal);
        Assert.Contains("comes twice", step.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clean_review_warns_of_nothing() => Assert.Empty(Step(Samples.Review()).FindAll(".notice"));

    private IRenderedComponent<ReviewStep> Step(CampaignReview review, DraftModel? model = null, params Problem[] problems) =>
        Render<ReviewStep>(p => p.Add(s => s.Review, review).Add(s => s.Model, model ?? Samples.Draft()).Add(s => s.Problems, problems).Add(s => s.Address, Samples.StepAddress));
}
