using System.Net;
using Bunit;
using Portal.Accounts;
using Portal.Dispatch;
using Portal.Web.Accounts;

namespace Portal.Web.Tests.Accounts;

public sealed class AccountPartsTests : PortalContext
{
    private static readonly AccountView _active = new(
        Guid.NewGuid(), "https://api.example-sms.com/prefix", AccountKind.Marketing, new AccountSettings("Lantern SEA"), AccountState.Active, StoppedCode: null, StoppedAt: null,
        MissingAddress: null, Now, "104", [new KeyPairView(1, "4Kg=", Now, "Mei", Now, KeyPairUse.Signs)]);

    [Theory]
    [InlineData(AccountState.Active, null, "en", "tone-delivered", "Active")]
    [InlineData(AccountState.Stopped, "204", "en", "tone-failed", "Stopped")]
    [InlineData(AccountState.Stopped, "204", "zh-Hans", "tone-failed", "已停止")]
    [InlineData(AccountState.Stopped, "held", "en", "tone-waiting", "Waiting")]
    [InlineData(AccountState.Stopped, "unproven", "en", "tone-waiting", "Waiting")]
    [InlineData(AccountState.Disabled, null, "zh-Hans", "tone-skipped", "已停用")]
    public void The_list_says_each_state_in_words(AccountState state, string? code, string culture, string tone, string word)
    {
        UseCulture(culture);
        var line = new AccountLine(Guid.NewGuid(), "Lantern SEA", AccountKind.Both, "api.example-sms.com", state, code, 100, 50);

        var table = Render<AccountsTable>(p => p.Add(t => t.Accounts, [line]).Add(t => t.BaseHref, "/t/lantern/accounts"));

        var chip = table.Find(".chip");
        Assert.Contains(tone, chip.ClassList);
        Assert.EndsWith(word, chip.TextContent, StringComparison.Ordinal);
        Assert.Equal($"/t/lantern/accounts/{line.Id}", table.Find("a").GetAttribute("href"));
        Assert.Contains("api.example-sms.com", table.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "The provider refuses our address (204).", "Add 203.0.113.18 to the IP whitelist")]
    [InlineData("zh-Hans", "服务商拒绝了我们的地址（204）。", "加入 203.0.113.18")]
    public void After_a_204_the_notice_names_the_address_to_add(string culture, string what, string remedy)
    {
        UseCulture(culture);

        var notice = Stopped("204", "203.0.113.18").Find(".notice");

        Assert.Contains(what, notice.TextContent, StringComparison.Ordinal);
        Assert.Contains(remedy, notice.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_known_address_the_notice_points_to_all_of_them() =>
        Assert.Contains("the addresses below", Stopped("204", missing: null).Markup, StringComparison.Ordinal);

    [Fact]
    public void A_held_pair_reads_exactly_like_an_unproven_one() =>
        Assert.Equal(Stopped("unproven").Find(".notice").TextContent, Stopped("held").Find(".notice").TextContent);

    [Theory]
    [InlineData("en", "Send a test message…", "The last try: No answer in time.")]
    [InlineData("zh-Hans", "发送测试短信…", "上次验证：")]
    public void An_unproven_account_says_why_and_offers_both_ways(string culture, string test, string why)
    {
        UseCulture(culture);
        var tests = 0;
        var notice = Render<StoppedNotice>(p => p.Add(n => n.Account, StoppedBy("unproven") with { CheckedCode = "timed_out" }).Add(n => n.MayChange, value: true).Add(n => n.OnTest, () => tests++));

        Assert.Contains(why, notice.Markup, StringComparison.Ordinal);
        Assert.Equal(2, notice.FindAll("button").Count);
        Assert.Equal(test, notice.FindAll("button")[0].TextContent);
        notice.FindAll("button")[0].Click();

        Assert.Equal(1, tests);
    }

    [Theory]
    [InlineData("en", "A test message is on its way.")]
    [InlineData("zh-Hans", "测试短信正在发送")]
    public void While_a_message_is_under_way_no_second_one_is_offered(string culture, string sentence)
    {
        UseCulture(culture);

        var notice = Render<StoppedNotice>(p => p.Add(n => n.Account, StoppedBy("unproven")).Add(n => n.MayChange, value: true).Add(n => n.Testing, value: true));

        Assert.Contains(sentence, notice.Markup, StringComparison.Ordinal);
        Assert.Single(notice.FindAll("button"));
    }

    [Fact]
    public void An_account_that_the_provider_refused_offers_no_message() =>
        Assert.Single(Render<StoppedNotice>(p => p.Add(n => n.Account, StoppedBy("202")).Add(n => n.MayChange, value: true)).FindAll("button"));

    [Theory]
    [InlineData("en", "Decide about what is in doubt", "Show what is in doubt")]
    [InlineData("zh-Hans", "请先处理存疑的请求", "查看存疑的请求")]
    public void Too_many_doubts_lead_to_them_and_then_on(string culture, string remedy, string show)
    {
        UseCulture(culture);
        var notice = Render<StoppedNotice>(p => p.Add(n => n.Account, StoppedBy("doubts")).Add(n => n.MayChange, value: true).Add(n => n.DoubtsHref, "/t/x/doubts"));
        Assert.Contains(remedy, notice.Markup, StringComparison.Ordinal);
        Assert.Equal((show, "/t/x/doubts"), (notice.Find("a.btn").TextContent, notice.Find("a.btn").GetAttribute("href")));
        Assert.Single(notice.FindAll("button.primary"));
    }

    [Fact]
    public void What_the_provider_refused_is_checked_again()
    {
        var checks = 0;
        var notice = Render<StoppedNotice>(p => p.Add(n => n.Account, StoppedBy("202")).Add(n => n.MayChange, value: true).Add(n => n.OnCheck, () => checks++));

        notice.Find("button").Click();

        Assert.Equal(1, checks);
    }

    [Fact]
    public void What_the_portal_stopped_a_person_lets_go_on()
    {
        var resumed = 0;
        var notice = Render<StoppedNotice>(p => p.Add(n => n.Account, StoppedBy("doubts")).Add(n => n.MayChange, value: true).Add(n => n.OnEnable, () => resumed++));

        notice.Find("button").Click();

        Assert.Equal(1, resumed);
    }

    [Fact]
    public void Who_may_not_change_accounts_sees_no_button() =>
        Assert.Empty(Render<StoppedNotice>(p => p.Add(n => n.Account, StoppedBy("202"))).FindAll("button"));

    [Fact]
    public void An_active_account_has_no_notice() =>
        Assert.Equal("", Render<StoppedNotice>(p => p.Add(n => n.Account, _active)).Markup.Trim());

    [Fact]
    public void A_code_that_nobody_foresaw_is_shown_as_it_came() =>
        Assert.Contains("The provider answered 777.", Stopped("777").Markup, StringComparison.Ordinal);

    [Fact]
    public void The_whitelist_shows_the_line_the_prefix_and_everybody()
    {
        var panel = Panel(["203.0.113.17", "203.0.113.18"]);

        Assert.Equal(["203.0.113.17,203.0.113.18", "203.0.113.", "0.0.0.0"], panel.FindAll("[data-copy]").Select(b => b.GetAttribute("data-copy")));
    }

    [Theory]
    [InlineData("en", "203.0.113.17 is let in", "203.0.113.18 is missing", "192.168. is a private range")]
    [InlineData("zh-Hans", "203.0.113.17 已放行", "缺少 203.0.113.18", "192.168. 是内网地址段")]
    public void A_pasted_whitelist_is_judged(string culture, string covered, string missing, string remark)
    {
        UseCulture(culture);
        var panel = Panel(["203.0.113.17", "203.0.113.18"]);

        panel.Find("[name=Pasted]").Change("203.0.113.17,192.168.");
        panel.Find(".pasted button").Click();

        Assert.All((string[])[covered, missing, remark], text => Assert.Contains(text, panel.Find(".judged").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void An_empty_whitelist_lets_everybody_in_so_nothing_is_missing()
    {
        var panel = Panel(["203.0.113.17"]);

        panel.Find(".pasted button").Click();

        Assert.DoesNotContain("missing", panel.Find(".judged").TextContent, StringComparison.Ordinal);
        Assert.Contains("checks no address", panel.Find(".judged").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("203.0.113.18", "Exactly this address is missing", "203.0.113.18")]
    [InlineData(null, "It does not say which address it saw", null)]
    public void After_a_204_it_says_exactly_what_is_missing(string? missing, string said, string? copied)
    {
        var panel = Render<WhitelistPanel>(p => p.Add(w => w.Addresses, [IPAddress.Parse("203.0.113.17"), IPAddress.Parse("203.0.113.18")])
            .Add(w => w.AreConfigured, value: true).Add(w => w.Refused, value: true).Add(w => w.MissingAddress, missing));

        Assert.Contains(said, panel.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Equal(copied, panel.FindAll(".notice [data-copy]").SingleOrDefault()?.GetAttribute("data-copy"));

        panel.Find("[name=Pasted]").Change("203.0.113.17, 198.51.100.7,192.168.");
        panel.Find(".pasted button").Click();
        Assert.Equal("203.0.113.17,198.51.100.7,203.0.113.18", panel.FindAll(".step [data-copy]").Single().GetAttribute("data-copy"));
        Assert.Contains("198.51.100.7 is not ours", panel.Find(".judged").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_form_of_the_whitelist_says_what_it_means_and_where_the_addresses_come_from()
    {
        var panel = Render<WhitelistPanel>(p => p.Add(w => w.Addresses, [IPAddress.Parse("203.0.113.17"), IPAddress.Parse("198.51.100.7")])
            .Add(w => w.AreConfigured, value: true).Add(w => w.Observed, [IPAddress.Parse("10.0.0.4")]));

        Assert.Equal(["203.0.113.17,198.51.100.7", "203.0.113.,198.51.100.", "0.0.0.0"], panel.FindAll("[data-copy]").Select(b => b.GetAttribute("data-copy")));
        Assert.All((string[])["Exact addresses (2)", "512 of them", "No protection", "see 10.0.0.4"], text => Assert.Contains(text, panel.Markup, StringComparison.Ordinal));
        Assert.Empty(panel.FindAll(".notice"));
    }

    [Fact]
    public void Traffic_shows_the_rate_in_use_and_what_to_do_about_each_error()
    {
        var at = new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);
        var panel = Render<TrafficPanel>(p => p.Add(t => t.Rate, 100).Add(t => t.Traffic, new Traffic(42, 900, [new("105", 7, at), new("timed_out", 1, at), new("108", 2, at)])));

        Assert.Contains("42 requests in the busiest second", panel.Markup, StringComparison.Ordinal);
        Assert.All((string[])["105 · 7 ×", "ask the provider for the rate", "timed_out · 1 ×", "page of what is in doubt", "108 · 2 ×", "Look at the text"], text => Assert.Contains(text, panel.Markup, StringComparison.Ordinal));

        var idle = Render<TrafficPanel>(p => p.Add(t => t.Rate, 100).Add(t => t.Traffic, new Traffic(0, 0, [])));
        Assert.Contains("Nothing was sent in the last minute; 100 requests", idle.Markup, StringComparison.Ordinal);
        Assert.Contains("none", idle.FindAll(".check")[1].TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12, "tone-delivered", "12 s from")]
    [InlineData(-4000, "tone-doubt", "4000 s from")]
    public void The_clock_s_drift_of_the_last_check_stays(int seconds, string tone, string said)
    {
        var panel = Render<HealthPanel>(p => p.Add(h => h.Account, _active with { CheckedCode = "104", ClockOffset = seconds }));

        var clock = panel.FindAll(".check")[2];
        Assert.Contains(tone, clock.InnerHtml, StringComparison.Ordinal);
        Assert.Contains(said, clock.TextContent, StringComparison.Ordinal);
        Assert.Contains("ends in 4Kg=, set by Mei", panel.FindAll(".check")[0].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Before_any_call_the_whitelist_says_that_it_does_not_know() =>
        Assert.Contains("does not know yet", Panel([]).Markup, StringComparison.Ordinal);

    [Fact]
    public void Of_a_key_pair_only_the_end_of_the_apikey_is_shown()
    {
        var pairs = Render<KeyPairPanel>(p => p.Add(k => k.KeyPairs, _active.KeyPairs).Add(k => k.MayChange, value: true));

        Assert.Contains("••••4Kg=", pairs.Markup, StringComparison.Ordinal);
        Assert.Contains("set by Mei", pairs.Markup, StringComparison.Ordinal);
        Assert.Empty(pairs.FindAll("[data-copy]"));
        Assert.Equal("Replace…", pairs.Find("button").TextContent);
    }

    [Theory]
    [InlineData("104", null, "tone-delivered", "tone-delivered", "tone-delivered")]
    [InlineData("102", null, "tone-failed", "tone-waiting", "tone-waiting")]
    [InlineData("204", "203.0.113.18", "tone-delivered", "tone-failed", "tone-waiting")]
    [InlineData("103", null, "tone-delivered", "tone-waiting", "tone-failed")]
    [InlineData("timed_out", null, "tone-delivered", "tone-waiting", "tone-waiting")]
    public void Health_says_only_what_the_last_check_showed(string code, string? missing, string keys, string whitelist, string clock)
    {
        var panel = Render<HealthPanel>(p => p.Add(h => h.Account, _active with { CheckedCode = code, MissingAddress = missing }));

        Assert.Equal([keys, whitelist, clock], panel.FindAll(".check > .tone").Select(t => t.ClassList[^1]));
    }

    [Fact]
    public void Settings_that_are_refused_stay_as_they_were_typed()
    {
        var panel = Render<SettingsPanel>(p => p.Add(s => s.Settings, _active.Settings).Add(s => s.MayChange, value: true)
            .Add(s => s.Save, s => Task.FromResult<IReadOnlyList<Problem>>(s.BatchSize > 1000 ? [new Problem("BatchSize", "out_of_range", 1, 1000)] : [])));

        panel.Find("[name=BatchSize]").Change("5000");
        panel.Find("form").Submit();
        Assert.Equal("5000", panel.Find("[name=BatchSize]").GetAttribute("value"));
        Assert.Contains("from 1 to 1000", panel.Markup, StringComparison.Ordinal);
        Assert.Equal("", panel.Find("[role=status]").TextContent);

        panel.Find("[name=BatchSize]").Change("10");
        panel.Find("form").Submit();
        Assert.Equal("Saved.", panel.Find("[role=status]").TextContent);
    }

    [Fact]
    public void Who_may_not_change_settings_reads_them()
    {
        var panel = Render<SettingsPanel>(p => p.Add(s => s.Settings, _active.Settings).Add(s => s.Save, _ => Task.FromResult<IReadOnlyList<Problem>>([])));

        Assert.Empty(panel.FindAll("input"));
        Assert.Contains("100 requests a second", panel.Markup, StringComparison.Ordinal);
    }

    private static AccountView StoppedBy(string code, string? missing = null) =>
        _active with { State = AccountState.Stopped, StoppedCode = code, MissingAddress = missing };

    private IRenderedComponent<StoppedNotice> Stopped(string code, string? missing = null) =>
        Render<StoppedNotice>(p => p.Add(n => n.Account, StoppedBy(code, missing)).Add(n => n.MayChange, value: true));

    private IRenderedComponent<WhitelistPanel> Panel(string[] addresses) =>
        Render<WhitelistPanel>(p => p.Add(w => w.Addresses, [.. addresses.Select(IPAddress.Parse)]).Add(w => w.AreConfigured, value: true));
}
