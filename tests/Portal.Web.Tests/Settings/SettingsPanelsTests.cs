using Bunit;
using Portal.Contacts;
using Portal.Dispatch;
using Portal.Tenants;
using Portal.Web.Settings;

namespace Portal.Web.Tests.Settings;

public sealed class SettingsPanelsTests : PortalContext
{
    private static readonly Guid _account = Guid.Parse("22222222-2222-2222-2222-222222222222");

    private static readonly LimitsView _limits = new(
        new(DayMessages: 20_000),
        [new(Guid.Empty, "", new(DayMessages: 10_000), new(1_234, 1_500, 5_000, 6_000)), new(_account, "Lantern CN", LimitFigures.None, new(1_234, 1_500, 5_000, 6_000))]);

    [Theory]
    [InlineData("en", "Whole company", "Account Lantern CN", "1,234 used; the operator allows 20,000", "1,500 used")]
    [InlineData("zh-Hans", "整个公司", "账号 Lantern CN", "已用 1,234，运营方上限 20,000", "已用 1,500")]
    public void Limits_show_what_is_used_and_what_the_operator_allows(string culture, string whole, string account, string bound, string used)
    {
        UseCulture(culture);
        var panel = Limits([]);
        Assert.Equal([whole, account], panel.FindAll("legend").Select(l => l.TextContent));
        Assert.All([bound, used], words => Assert.Contains(words, panel.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_typed_is_saved_as_figures_and_stays_when_it_is_refused()
    {
        IReadOnlyList<LimitInput> saved = [];
        var panel = Limits([new Problem($"{_account}.DayMessages", "out_of_range", 1, 1_000_000_000)], input => saved = input);
        panel.Find($"[name='{_account}.DayMessages']").Change("many");
        panel.Find($"[name='{Guid.Empty}.MonthSegments']").Change("30000");
        panel.Find("form").Submit();
        Assert.Equal([new(Guid.Empty, new(10_000, null, null, 30_000)), new(_account, new(-1))], saved);
        Assert.Contains("A whole number from 1 to 1,000,000,000", panel.Find(".field-wrong .field-error").TextContent, StringComparison.Ordinal);
        Assert.Equal("many", panel.Find($"[name='{_account}.DayMessages']").GetAttribute("value"));
    }

    [Fact]
    public void Who_may_not_change_them_reads_them()
    {
        var panel = Limits([], mayChange: false);
        Assert.Empty(panel.FindAll("input"));
        Assert.Contains("Whole company: messages a day 10,000, segments a day no limit", panel.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "China", "always allowed", "Singapore", "Remove Singapore")]
    [InlineData("zh-Hans", "中国", "始终允许", "新加坡", "移除 新加坡")]
    public void Countries_are_added_and_removed_one_by_one(string culture, string own, string always, string other, string remove)
    {
        UseCulture(culture);
        var saved = new List<string>();
        var panel = Countries(["SG"], c => saved.Add(string.Join(' ', c)));
        Assert.Equal([$"{own} {always}", other], panel.FindAll("li").Select(l => string.Join(' ', l.QuerySelectorAll("span").Select(s => s.TextContent))));
        panel.Find($"button[aria-label='{remove}']").Click();
        panel.Find("select").Change("TH");
        Assert.Equal(["", "SG TH"], saved);
        Assert.Empty(panel.FindAll("option[value=CN], option[value=SG]"));
    }

    [Fact]
    public void A_viewer_changes_no_country() => Assert.Empty(Countries(["SG"], _ => { }, mayChange: false).FindAll("button, select"));

    [Theory]
    [InlineData("en", "There is room for 5.")]
    [InlineData("zh-Hans", "最多 5 个，请先移除一个。")]
    public void An_own_number_that_is_refused_stays_in_its_field(string culture, string words)
    {
        UseCulture(culture);
        var panel = Own([new("8619800000001", "+86 198 0000 0001", Now, "Lin Yue")], new Problem("Number", "own_full", 5));
        panel.Find("[name=OwnNumber]").Change("198");
        panel.Find("form").Submit();
        Assert.Contains(words, panel.Find(".field-error").TextContent, StringComparison.Ordinal);
        Assert.Equal("198", panel.Find("[name=OwnNumber]").GetAttribute("value"));
    }

    [Fact]
    public void Five_own_numbers_leave_no_room_to_add()
    {
        var five = Enumerable.Range(0, 5).Select(i => new OwnNumberLine($"861980000000{i}", $"+86 198 0000 000{i}", Now, "Lin Yue")).ToArray();
        Assert.Empty(Own(five).FindAll("form"));
    }

    [Theory]
    [InlineData("en", "Give both, or neither.")]
    [InlineData("zh-Hans", "两项须同时填写或同时留空。")]
    public void Rules_are_read_as_numbers_and_empty_is_off(string culture, string words)
    {
        UseCulture(culture);
        SendingRulesInput? saved = null;
        var view = new SendingRulesView("Asia/Shanghai", "CN", [], 5_000, null, null, false, new(null, null, null));
        var panel = Render<RulesPanel>(p => p.Add(r => r.View, view).Add(r => r.MayChange, true)
            .Add(r => r.Save, input => { saved = input; return Task.FromResult<IReadOnlyList<Problem>>([new("FrequencyDays", "frequency_half")]); }));
        Assert.Equal("5000", panel.Find("[name=ApprovalAbove]").GetAttribute("value"));
        panel.Find("[name=ApprovalAbove]").Change("");
        panel.Find("[name=FrequencyMost]").Change("3");
        panel.Find("form").Submit();
        Assert.Equal(new(null, 3, null), saved);
        Assert.Contains(words, panel.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "None yet: campaigns go out at any hour.", "All countries", "All other countries", "Singapore", "Remove the hours for Singapore")]
    [InlineData("zh-Hans", "尚未设置：群发活动随时发送。", "所有国家/地区", "其他所有国家/地区", "新加坡", "移除 新加坡 的时段")]
    public void Quiet_hours_are_given_to_all_countries_or_to_one_and_saved_together(string culture, string none, string all, string others, string country, string remove)
    {
        UseCulture(culture);
        IReadOnlyList<QuietRule>? saved = null;
        var panel = Quiet([], rules => saved = rules);
        Assert.Contains(none, panel.Markup, StringComparison.Ordinal);
        panel.Find("[name=QuietCountry]").Change("*");
        Assert.Equal(all, panel.Find("legend").TextContent);
        Assert.DoesNotContain(none, panel.Markup, StringComparison.Ordinal);
        panel.Find("[name=QuietCountry]").Change("SG");
        Assert.Equal([others, country], panel.FindAll("legend").Select(l => l.TextContent));
        panel.Find("[name=FromSG]").Change("22:30");
        Assert.Null(saved);
        panel.Find("form").Submit();
        Assert.Equal([new("", new(21, 0), new(8, 0)), new("SG", new(22, 30), new(8, 0))], saved!);

        panel.Find("[name=NoneSG]").Change(true);
        Assert.Empty(panel.FindAll("[name=FromSG]"));
        panel.Find("form").Submit();
        Assert.True(saved![1].None);
        panel.Find($"button[aria-label='{remove}']").Click();
        panel.Find("form").Submit();
        Assert.Equal([new QuietRule("", new(21, 0), new(8, 0))], saved!);
    }

    [Theory]
    [InlineData("en", "Give a time, for example 21:00.", "In Russia it would be quiet on one clock or another at every hour. Choose fewer hours, or give Russia hours of its own.")]
    [InlineData("zh-Hans", "请填写时间，例如 21:00。", "这样设置后，俄罗斯 在任何时刻总有时区处于免打扰时段。请缩短时段，或为 俄罗斯 单独设置。")]
    public void What_is_wrong_with_quiet_hours_stands_at_the_time_and_what_was_typed_stays(string culture, string missing, string always)
    {
        UseCulture(culture);
        var panel = Quiet([new("", new(21, 0), new(8, 0))], answers: [new("From", "time_missing"), new("To", "always_quiet", "RU")]);
        panel.Find("[name=From]").Change("");
        panel.Find("[name=To]").Change("09:15");
        panel.Find("form").Submit();
        Assert.Equal(["✕ " + missing, "✕ " + always, ""], panel.FindAll(".field-error").Select(e => e.TextContent));
        Assert.Equal("09:15", panel.Find("[name=To]").GetAttribute("value"));
        Assert.Equal("true", panel.Find("[name=From]").GetAttribute("aria-invalid"));
    }

    [Fact]
    public void Whoever_may_not_change_quiet_hours_reads_them()
    {
        var panel = Quiet([new("", new(21, 0), new(8, 0)), new("TH", null, null, None: true)], mayChange: false);
        Assert.Empty(panel.FindAll("input, button, select"));
        Assert.Contains("All other countries: 21:00 to 08:00", panel.Markup, StringComparison.Ordinal);
        Assert.Contains("Thailand: never quiet", panel.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<QuietPanel> Quiet(IReadOnlyList<QuietRule> rules, Action<IReadOnlyList<QuietRule>>? saved = null, IReadOnlyList<Problem>? answers = null, bool mayChange = true) =>
        Render<QuietPanel>(p => p.Add(q => q.Rules, rules).Add(q => q.Own, "CN").Add(q => q.MayChange, mayChange)
            .Add(q => q.Save, input => { saved?.Invoke(input); return Task.FromResult(answers ?? []); }));

    private IRenderedComponent<LimitsPanel> Limits(IReadOnlyList<Problem> problems, Action<IReadOnlyList<LimitInput>>? saved = null, bool mayChange = true) =>
        Render<LimitsPanel>(p => p.Add(l => l.View, _limits).Add(l => l.TimeZone, "Asia/Shanghai").Add(l => l.MayChange, mayChange)
            .Add(l => l.Save, input => { saved?.Invoke(input); return Task.FromResult(problems); }));

    private IRenderedComponent<CountriesPanel> Countries(string[] extra, Action<IReadOnlyList<string>> saved, bool mayChange = true) =>
        Render<CountriesPanel>(p => p.Add(c => c.Own, "CN").Add(c => c.Extra, extra).Add(c => c.MayChange, mayChange)
            .Add(c => c.Save, countries => { saved(countries); return Task.FromResult<IReadOnlyList<Problem>>([]); }));

    private IRenderedComponent<OwnNumbersPanel> Own(OwnNumberLine[] numbers, params Problem[] problems) =>
        Render<OwnNumbersPanel>(p => p.Add(o => o.Numbers, numbers).Add(o => o.MayChange, true)
            .Add(o => o.Add, _ => Task.FromResult<IReadOnlyList<Problem>>(problems)).Add(o => o.Remove, _ => Task.FromResult<IReadOnlyList<Problem>>([])));
}
