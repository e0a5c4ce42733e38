using Bunit;
using Portal.Receipts;
using Portal.Web.Accounts;

namespace Portal.Web.Tests.Accounts;

public sealed class ReceiptsPanelTests : PortalContext
{
    private static readonly ReceiptFlow _none = new(null, null, 0, 0, null, null);
    private static readonly TestRun _asked = new(Now, "+86 198 •••• 1234", Now.AddSeconds(-90), "planned", null, null, null, null, null, null, null, null);
    private static readonly TestRun _accepted = _asked with { Batch = "accepted", AcceptedAt = Now.AddSeconds(-80), TaskId = "20260001" };

    [Theory]
    [InlineData("en", "Paste this address", "None yet: nothing was sent.", "nothing was sent in the last 7 days")]
    [InlineData("zh-Hans", "请将此地址填入", "暂无：还没有发送短信。", "近 7 天没有发送短信")]
    public void Before_the_first_message_it_says_what_to_do(string culture, params string[] sentences)
    {
        UseCulture(culture);
        var panel = Panel(_none);
        Assert.All(sentences, s => Assert.Contains(s, panel.Markup, StringComparison.Ordinal));
        Assert.Equal("https://portal.example/receipts", panel.Find("[data-copy]").GetAttribute("data-copy"));
    }

    [Theory]
    [InlineData("en", "counted 2.1 s after it came", "440 of 48,000 messages of the last 7 days (0.9")]
    [InlineData("zh-Hans", "到达后 2.1 秒计入", "近 7 天的 48,000 条短信中有 440 条（0.9")]
    public void What_comes_is_shown_with_its_lag_and_the_share_without(string culture, string lag, string share)
    {
        UseCulture(culture);
        var panel = Panel(new ReceiptFlow(Now.AddMinutes(-3), 2_100, 48_000, 440, null, null));
        Assert.Contains(lag, panel.Markup, StringComparison.Ordinal);
        Assert.Contains(share, panel.Markup, StringComparison.Ordinal);
        Assert.Contains("UTC", panel.Find("time").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_messages_went_out_and_none_came_it_says_what_to_check() =>
        Assert.Contains("None has come. Check that the address above", Panel(_none with { Accepted = 3, Without = 3 }).Markup, StringComparison.Ordinal);

    [Fact]
    public void Only_who_may_send_is_offered_the_message()
    {
        var asked = 0;
        Render<ReceiptsPanel>(p => p.Add(r => r.Flow, _none).Add(r => r.Address, "x").Add(r => r.MaySend, value: true).Add(r => r.OnTest, () => asked++)).Find(".btn").Click();
        Assert.Equal(1, asked);
        Assert.Empty(Panel(_none).FindAll(".btn"));
    }

    [Theory]
    [InlineData("en", "Asked: one message to +86 198 •••• 1234", "No request has left for a minute")]
    [InlineData("zh-Hans", "已提交：向 +86 198 •••• 1234 发送一条短信", "一分钟内没有发出请求")]
    public void A_message_that_does_not_leave_is_explained(string culture, string asked, string held)
    {
        UseCulture(culture);
        var steps = Steps(_asked);
        Assert.Equal((2, asked), (steps.Length, steps[0]));
        Assert.StartsWith(held, steps[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_step_is_shown_to_the_end() => Assert.Equal(
        ["Asked: one message to +86 198 •••• 1234", "Accepted by the provider, taskid 20260001", "Its receipt came: DELIVRD", "Counted 0.4 s after it came"],
        Steps(_accepted with { ReceivedAt = Now.AddSeconds(-70), Status = "DELIVRD", LastAt = Now.AddSeconds(-70), LagMs = 400 }));

    [Fact]
    public void A_refusal_is_told_in_words() => Assert.StartsWith("Refused. The balance", Steps(_asked with { Batch = "refused", Why = "202" })[^1], StringComparison.Ordinal);

    [Fact]
    public void A_receipt_that_is_missing_is_explained()
    {
        Assert.StartsWith("No receipt of this account has ever come.", Steps(_accepted)[^1], StringComparison.Ordinal);
        Assert.StartsWith("Receipts of other messages have come since", Steps(_accepted with { LastAt = Now })[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "You are sending, but receipts have stopped.", "The last receipt came", "No receipt of this account has ever come.")]
    [InlineData("zh-Hans", "您在发送短信，但回执已停止。", "最近一条回执：", "此账号从未收到回执。")]
    public void The_watchdog_says_since_when_and_what_to_do(string culture, string title, string last, string never)
    {
        UseCulture(culture);
        var silent = new SilentAccount(Guid.NewGuid(), "Lantern", 1200, Now.AddMinutes(-20), Now.AddHours(-1));
        var notice = Render<SilenceNotice>(p => p.Add(n => n.Silence, silent).Add(n => n.MaySend, value: true));
        Assert.Contains(title, notice.Markup, StringComparison.Ordinal);
        Assert.Contains(last, notice.Markup, StringComparison.Ordinal);
        Assert.Single(notice.FindAll("button"));
        Assert.Contains(never, Render<SilenceNotice>(p => p.Add(n => n.Silence, silent with { LastAt = null })).Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<ReceiptsPanel> Panel(ReceiptFlow flow) => Render<ReceiptsPanel>(p => p.Add(r => r.Flow, flow).Add(r => r.Address, "https://portal.example/receipts"));

    private string[] Steps(TestRun run) => [.. Render<TestStepList>(p => p.Add(s => s.Run, run)).FindAll("li").Select(l => l.Children[1].TextContent)];
}
