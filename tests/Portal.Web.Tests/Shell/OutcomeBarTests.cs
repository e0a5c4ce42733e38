using Bunit;
using Portal.Web.Shell;

namespace Portal.Web.Tests.Shell;

public sealed class OutcomeBarTests : PortalContext
{
    [Theory]
    [InlineData("en", "Delivered 27,840, Sent 3,160, In doubt 1, Failed 480, Waiting 16,220, Skipped 1,104 (opted out 830)")]
    [InlineData("zh-Hans", "已送达 27,840，已发送 3,160，存疑 1，失败 480，等待中 16,220，已跳过 1,104（opted out 830）")]
    public void The_bar_says_all_its_numbers(string culture, string label)
    {
        UseCulture(culture);
        Assert.Equal(label, Campaign().Find("[role=img]").GetAttribute("aria-label"));
    }

    [Fact]
    public void A_share_of_one_person_is_drawn_and_skipped_people_are_not()
    {
        var parts = Campaign().FindAll(".bar-part");
        Assert.Equal(["tone-delivered", "tone-sent", "tone-doubt", "tone-failed", "tone-waiting"], parts.Select(p => p.ClassList[1]));
        Assert.Equal("flex-grow:1", parts[2].GetAttribute("style"));
    }

    [Theory]
    [InlineData("en", "Nobody yet")]
    [InlineData("zh-Hans", "暂无收件人")]
    public void A_sending_to_nobody_has_an_empty_bar(string culture, string label)
    {
        UseCulture(culture);
        var bar = Render<OutcomeBar>();
        Assert.Empty(bar.FindAll(".bar-part"));
        Assert.Equal(label, bar.Find("[role=img]").GetAttribute("aria-label"));
    }

    [Fact]
    public void Reasons_are_told_only_when_somebody_was_skipped()
    {
        var bar = Render<OutcomeBar>(p => p.Add(b => b.Delivered, 5).Add(b => b.Reasons, "opted out 830"));
        Assert.DoesNotContain("opted out", bar.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Skipped", bar.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_legend_can_be_left_out_and_the_label_still_tells()
    {
        var bar = Render<OutcomeBar>(p => p.Add(b => b.Delivered, 5).Add(b => b.Legend, false));
        Assert.Empty(bar.FindAll(".legend"));
        Assert.StartsWith("Delivered 5,", bar.Find("[role=img]").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_share_is_written_for_the_style_sheet_whatever_the_culture()
    {
        UseCulture("ar-SA");
        Assert.Equal("flex-grow:16220", Campaign().FindAll(".bar-part")[4].GetAttribute("style"));
    }

    private IRenderedComponent<OutcomeBar> Campaign() => Render<OutcomeBar>(p => p
        .Add(b => b.Delivered, 27_840).Add(b => b.Sent, 3_160).Add(b => b.InDoubt, 1).Add(b => b.Failed, 480)
        .Add(b => b.Waiting, 16_220).Add(b => b.Skipped, 1_104).Add(b => b.Reasons, "opted out 830"));
}
