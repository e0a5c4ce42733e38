using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Portal.Campaigns;
using Portal.Web.Campaigns;

namespace Portal.Web.Tests.Campaigns;

public sealed class RepeatFieldsTests : PortalContext
{
    [Theory]
    [InlineData("en", "daily 1 09:00", "Every day at 09:00")]
    [InlineData("zh-Hans", "daily 1 09:00", "每天 09:00")]
    [InlineData("en", "daily 3 09:00", "Every 3 days at 09:00")]
    [InlineData("zh-Hans", "daily 3 09:00", "每 3 天 09:00")]
    [InlineData("en", "weekly 1 mon,tue,wed,thu,fri 18:30", "Every weekday, Monday to Friday, at 18:30")]
    [InlineData("zh-Hans", "weekly 1 mon,tue,wed,thu,fri 18:30", "工作日（周一至周五）18:30")]
    [InlineData("en", "weekly 1 mon,sun 09:00", "Every Monday and Sunday at 09:00")]
    [InlineData("zh-Hans", "weekly 1 mon,sun 09:00", "每星期一、星期日 09:00")]
    [InlineData("en", "weekly 2 wed 09:00", "Every 2 weeks on Wednesday at 09:00")]
    [InlineData("zh-Hans", "weekly 2 wed 09:00", "每 2 周的星期三 09:00")]
    [InlineData("en", "monthly 1 15 skip 09:00", "On day 15 of every month at 09:00")]
    [InlineData("zh-Hans", "monthly 1 15 skip 09:00", "每月 15 日 09:00")]
    [InlineData("en", "monthly 1 31 skip 09:00", "On day 31 of every month at 09:00; not in months that lack it")]
    [InlineData("zh-Hans", "monthly 1 30 last 09:00", "每月 30 日 09:00；没有该日的月份在最后一天")]
    [InlineData("en", "monthly 1 31 last 09:00", "On the last day of every month at 09:00")]
    [InlineData("zh-Hans", "monthly 1 31 last 09:00", "每月最后一天 09:00")]
    [InlineData("en", "monthly 3 31 last 09:00", "On the last day of the month, every 3 months, at 09:00")]
    [InlineData("zh-Hans", "monthly 3 30 skip 09:00", "每 3 个月的 30 日 09:00；没有该日的月份不发送")]
    [InlineData("en", "weekday 1 1 mon 09:00", "On the first Monday of every month at 09:00")]
    [InlineData("zh-Hans", "weekday 1 0 fri 09:00", "每月最后一个星期五 09:00")]
    [InlineData("en", "weekday 2 0 fri 09:00", "On the last Friday of every 2 months at 09:00")]
    [InlineData("en", "yearly 2-14 last 09:00", "Every year on 14 February at 09:00")]
    [InlineData("en", "yearly 2-29 skip 09:00", "Every year on 29 February at 09:00; not in months that lack it")]
    [InlineData("zh-Hans", "yearly 2-14 last 09:00", "每年 2月14日 09:00")]
    [InlineData("en", "cron 0 9 * * 1-5", "By the cron expression 0 9 * * 1-5")]
    [InlineData("zh-Hans", "cron 0 9 * * 1-5", "按 cron 表达式 0 9 * * 1-5")]
    public void A_rule_is_a_sentence_and_the_editor_gives_the_same_rule_back(string culture, string rule, string words)
    {
        UseCulture(culture);
        var texts = Services.GetRequiredService<IStringLocalizer<SchedulesText>>();
        Assert.Equal(words, texts.Rule(RecurrenceText.Read(rule).Value));
        var model = RepeatModel.Of(new(rule, new(2026, 11, 23), null, 60));
        Assert.Equal(new RepeatInput(rule, new(2026, 11, 23), null, 60), model.Input());
        Assert.Contains(words, Fields(model).Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "Next runs, Asia/Shanghai", "Monday 23 November 2026, 09:00")]
    [InlineData("zh-Hans", "后续发送（Asia/Shanghai）", "2026年11月23日 星期一 09:00")]
    public void The_next_five_runs_are_shown_as_the_rule_is_typed(string culture, string title, string first)
    {
        UseCulture(culture);
        var model = new RepeatModel { From = "2026-11-20" };
        var fields = Fields(model);
        Assert.Equal(title, fields.Find("h3").TextContent);
        Assert.Equal(5, fields.FindAll(".runs li").Count);
        Assert.Contains(first, fields.Find(".runs li").TextContent, StringComparison.Ordinal);

        fields.Find("[name=RepeatUntil]").Change("2026-11-25");
        Assert.Equal(3, fields.FindAll(".runs li").Count);
        fields.Find("[name=RepeatAt]").Change("10:30:00");
        Assert.Equal("daily 1 10:30", model.Input().Rule);
        Assert.Equal(3, fields.FindAll(".runs li").Count);
        fields.Find("[name=RepeatAt]").Change("");
        Assert.Empty(fields.FindAll(".runs li"));
        Assert.Equal("daily 1 ", model.Input().Rule);
    }

    [Theory]
    [InlineData("en", "02:30", "2027-03-27", "02:30 does not exist that day; it runs at 03:00.")]
    [InlineData("zh-Hans", "02:30", "2027-03-27", "当天没有 02:30，将在 03:00 发送。")]
    [InlineData("en", "02:30", "2027-10-30", "02:30 comes twice that day; it runs the first time.")]
    [InlineData("zh-Hans", "02:30", "2027-10-30", "当天 02:30 会出现两次，在第一次时发送。")]
    public void What_the_clocks_do_to_a_run_is_said_before_it_is_confirmed(string culture, string at, string from, string note)
    {
        UseCulture(culture);
        var fields = Fields(new() { At = at, From = from }, zone: "Europe/Berlin");
        Assert.Equal(note, Assert.Single(fields.FindAll(".runs small")).TextContent);
        Assert.Contains(note, fields.FindAll(".runs li")[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_kind_asks_for_what_it_needs_and_no_more()
    {
        var model = new RepeatModel { From = "2026-11-20" };
        var fields = Fields(model);
        Dictionary<RepeatKind, string[]> asked = new()
        {
            [RepeatKind.Daily] = ["RepeatAt"],
            [RepeatKind.EveryDays] = ["RepeatEvery", "RepeatAt"],
            [RepeatKind.Workdays] = ["RepeatAt"],
            [RepeatKind.Weekly] = ["RepeatEvery", "RepeatAt", "RepeatOn"],
            [RepeatKind.MonthlyDay] = ["RepeatEvery", "RepeatDay", "RepeatAt"],
            [RepeatKind.MonthlyWeekday] = ["RepeatEvery", "RepeatNth", "RepeatWeekday", "RepeatAt"],
            [RepeatKind.Yearly] = ["RepeatMonth", "RepeatDay", "RepeatAt"],
            [RepeatKind.Cron] = ["RepeatCron"],
        };
        foreach (var (kind, names) in asked)
        {
            fields.Find("[name=RepeatKind]").Change(kind.ToString());
            Assert.Equal(kind, model.Kind);
            Assert.Equal(
                [.. ((string[])["RepeatKind", .. names, "RepeatFrom", "RepeatUntil", "RepeatWithin"]).Order(StringComparer.Ordinal)],
                fields.FindAll("[name]").Select(i => i.GetAttribute("name")!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void A_day_that_some_months_lack_asks_what_it_means_there_and_the_last_day_does_not()
    {
        var model = new RepeatModel { Kind = RepeatKind.MonthlyDay, From = "2026-11-20" };
        var fields = Fields(model);
        fields.Find("[name=RepeatDay]").Change("28");
        Assert.Empty(fields.FindAll("[name=RepeatShort]"));
        fields.Find("[name=RepeatDay]").Change("31");
        Assert.Equal("monthly 1 31 skip 09:00", model.Input().Rule);
        fields.Find("[name=RepeatDay]").Change("30");
        fields.Find("[name=RepeatShort]").Change("Last");
        Assert.Equal("monthly 1 30 last 09:00", model.Input().Rule);
        fields.Find("[name=RepeatDay]").Change("last");
        Assert.Empty(fields.FindAll("[name=RepeatShort]"));
        Assert.Equal("monthly 1 31 last 09:00", model.Input().Rule);
    }

    [Fact]
    public void Days_of_the_week_are_chosen_and_given_back()
    {
        var model = new RepeatModel { Kind = RepeatKind.Weekly, From = "2026-11-20" };
        var fields = Fields(model);
        fields.Find("[value=Sunday]").Change(true);
        fields.Find("[value=Monday]").Change(true);
        fields.Find("[value=Tuesday]").Change(true);
        fields.Find("[value=Tuesday]").Change(false);
        Assert.Equal("weekly 1 mon,sun 09:00", model.Input().Rule);
        fields.Find("[name=RepeatWithin]").Change("");
        Assert.Null(model.Input().Within);
    }

    [Theory]
    [InlineData("en", "cron 9 oclock", "RepeatCron", "This is no cron expression of five fields")]
    [InlineData("zh-Hans", "cron 9 oclock", "RepeatCron", "这不是有效的五段 cron 表达式")]
    [InlineData("en", "daily 1 ", "RepeatAt", "Choose a time.")]
    [InlineData("zh-Hans", "daily 1 ", "RepeatAt", "请选择时间。")]
    public void A_mistake_stands_at_its_field_and_what_was_typed_stays(string culture, string rule, string field, string sentence)
    {
        UseCulture(culture);
        var model = Samples.Draft();
        (model.Repeats, model.Repeat.From) = (true, "2026-11-20");
        if (rule.StartsWith("cron", StringComparison.Ordinal))
            (model.Repeat.Kind, model.Repeat.Cron) = (RepeatKind.Cron, rule["cron ".Length..]);
        else
            model.Repeat.At = "";
        var problems = model.Check(WizardStep.Time, [], Now);
        var input = Render<TimeStep>(p => p.Add(s => s.Model, model).Add(s => s.Problems, problems)).Find($"[name={field}]");
        Assert.Contains(sentence, input.ParentElement!.QuerySelector(".field-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(rule, model.Input().Repeat!.Rule);
        Assert.Equal(rule, RepeatModel.Of(model.Input().Repeat).Input().Rule.Replace("09:00", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Repeatedly_is_the_third_choice_of_the_time_step_and_begins_today()
    {
        var model = Samples.Draft();
        var step = Render<TimeStep>(p => p.Add(s => s.Model, model));
        Assert.Equal(["now", "later", "repeat"], step.FindAll("[name=When]").Select(i => i.GetAttribute("value")));
        step.Find("[value=repeat]").Change("repeat");
        Assert.Equal("2026-11-22", step.Find("[name=RepeatFrom]").GetAttribute("value"));
        Assert.Equal(new RepeatInput("daily 1 09:00", new(2026, 11, 22), null, 120), model.Input().Repeat);
        step.Find("[value=now]").Change("now");
        Assert.Null(model.Input().Repeat);
        Assert.Empty(step.FindAll("[name=RepeatFrom]"));
    }

    private IRenderedComponent<RepeatFields> Fields(RepeatModel model, string zone = "Asia/Shanghai") => Render<RepeatFields>(p => p.Add(f => f.Model, model).Add(f => f.TimeZone, zone));
}
