using Bunit;
using Portal.Campaigns;
using Portal.Web.Campaigns;

namespace Portal.Web.Tests.Campaigns;

public sealed class ApprovalPanelTests : PortalContext
{
    [Theory]
    [InlineData("en", false, false, "A manager or owner other than its author decides.")]
    [InlineData("en", true, true, "You began it or asked, so another manager decides.")]
    [InlineData("en", true, false, "Look at its text and its figures, then decide.")]
    [InlineData("zh-Hans", false, false, "由作者以外的管理员或所有者决定。")]
    [InlineData("zh-Hans", true, true, "您是作者或申请人，须由另一位管理员决定。")]
    [InlineData("zh-Hans", true, false, "请查看文本和统计后决定。")]
    public void Everybody_reads_who_decides_and_only_they_can(string culture, bool mayDecide, bool isOwn, string words)
    {
        UseCulture(culture);
        var panel = Panel(mayDecide, isOwn);
        Assert.Contains(words, panel.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Equal(mayDecide && !isOwn, panel.FindAll("form").Count == 1);
    }

    [Fact]
    public void Approving_needs_no_note_and_declining_hands_it_on()
    {
        var (approved, declined) = (0, "");
        var panel = Panel(true, false, onApprove: () => approved++, onDecline: note => declined = note);
        panel.Find("button.primary").Click();
        panel.Find("[name=Note]").Change("The date is wrong.");
        panel.Find("form").Submit();
        Assert.Equal((1, "The date is wrong."), (approved, declined));
    }

    [Fact]
    public void That_a_schedules_run_approves_the_later_ones_is_said()
    {
        const string Words = "Approving it also lets later runs go out by themselves";
        Assert.DoesNotContain(Words, Panel(true, false).Markup, StringComparison.Ordinal);
        Assert.Contains(Words, Render<ApprovalPanel>(p => p.Add(a => a.Approval, new AwaitedApproval(Samples.Id, Samples.Id, "Lin Yue", Now)).Add(a => a.MayDecide, true).Add(a => a.IsRun, true)).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_figures_and_what_is_wrong_with_the_note_are_shown()
    {
        var panel = Panel(true, false, problems: new Problem("Note", "note_missing"));
        Assert.Equal(["950", "1,900", "30"], panel.FindAll(".figure-value").Select(f => f.TextContent));
        Assert.Contains("its author will ask", panel.Find(".field-error").TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<ApprovalPanel> Panel(bool mayDecide, bool isOwn, Action? onApprove = null, Action<string>? onDecline = null, params Problem[] problems) =>
        Render<ApprovalPanel>(p => p.Add(a => a.Approval, new AwaitedApproval(Samples.Id, Samples.Id, "Lin Yue", Now)).Add(a => a.Review, Samples.Review())
            .Add(a => a.MayChange, true).Add(a => a.MayDecide, mayDecide).Add(a => a.IsOwn, isOwn).Add(a => a.Problems, problems)
            .Add(a => a.OnApprove, onApprove ?? (() => { })).Add(a => a.OnDecline, onDecline ?? (_ => { })));
}
