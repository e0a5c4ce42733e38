using Bunit;
using Microsoft.AspNetCore.Components;
using Portal.Web.Shell;

namespace Portal.Web.Tests.Shell;

public sealed class PartsTests : PortalContext
{
    [Theory]
    [InlineData(ChipTone.Delivered, "tone-delivered", "✓")]
    [InlineData(ChipTone.Sent, "tone-sent", "→")]
    [InlineData(ChipTone.Doubt, "tone-doubt", "◆")]
    [InlineData(ChipTone.Failed, "tone-failed", "✕")]
    [InlineData(ChipTone.Waiting, "tone-waiting", "○")]
    [InlineData(ChipTone.Skipped, "tone-skipped", "–")]
    [InlineData(ChipTone.Accent, "tone-accent", "●")]
    public void A_state_is_never_colour_alone(ChipTone tone, string tint, string glyph)
    {
        var chip = Render<StatusChip>(p => p.Add(c => c.State, tone).Add(c => c.Text, "Word")).Find(".chip");
        Assert.Contains(tint, chip.ClassList);
        Assert.Equal(glyph + "Word", chip.TextContent);
    }

    [Fact]
    public void A_chip_may_have_a_glyph_of_its_own() =>
        Assert.Equal("▶Running", Render<StatusChip>(p => p.Add(c => c.State, ChipTone.Sent).Add(c => c.Icon, "▶").Add(c => c.Text, "Running")).Find(".chip").TextContent);

    [Fact]
    public void A_panel_is_named_by_its_title()
    {
        var panel = Render<Panel>(p => p.Add(x => x.Title, "Next").AddChildContent("body"));
        Assert.Equal("Next", panel.Find("#" + panel.Find("section").GetAttribute("aria-labelledby")).TextContent);
        Assert.Single(panel.FindAll(".panel-body"));
    }

    [Fact]
    public void A_panel_without_title_and_aside_has_no_title_line()
    {
        var panel = Render<Panel>(p => p.Add(x => x.Flush, true));
        Assert.Empty(panel.FindAll(".panel-head"));
        Assert.False(panel.Find("section").HasAttribute("aria-labelledby"));
        Assert.Single(panel.FindAll(".panel-flush"));
    }

    [Fact]
    public void A_page_head_has_one_heading_and_leads_back()
    {
        var head = Render<PageHead>(p => p.Add(h => h.Title, "Winter").Add(h => h.Crumb, "Campaigns").Add(h => h.CrumbHref, "/t/a/campaigns"));
        Assert.Equal("Winter", head.Find("h1").TextContent);
        Assert.Equal("/t/a/campaigns", head.Find(".crumb a").GetAttribute("href"));
        Assert.Empty(head.FindAll(".actions"));
    }

    [Theory]
    [InlineData("en", "+86 198, hidden, ending in 1234")]
    [InlineData("zh-Hans", "+86 198，中间隐藏，尾号 1234")]
    public void A_masked_number_is_read_out_in_words(string culture, string spoken)
    {
        UseCulture(culture);
        var number = Render<NumberText>(p => p.Add(n => n.Masked, "+86 198 •••• 1234"));
        Assert.Equal(spoken, number.Find(".unseen").TextContent);
        Assert.Equal("+86 198 •••• 1234", number.Find("[aria-hidden]").TextContent);
    }

    [Fact]
    public void A_number_without_dots_is_read_out_as_it_is() =>
        Assert.Equal("+86 1", Render<NumberText>(p => p.Add(n => n.Masked, "+86 1")).Find(".unseen").TextContent);

    [Fact]
    public void No_number_is_a_dash() =>
        Assert.Equal("–", Render<NumberText>(p => p.Add(n => n.Masked, null)).Find("span").TextContent);

    [Theory]
    [InlineData("en", "Copy: the whitelist line", "Copied")]
    [InlineData("zh-Hans", "复制：the whitelist line", "已复制")]
    public void A_line_to_copy_carries_its_text_and_its_words(string culture, string name, string copied)
    {
        UseCulture(culture);
        var button = Render<CodeLine>(p => p.Add(c => c.Text, "203.0.113.17").Add(c => c.Label, "the whitelist line")).Find("button");
        Assert.Equal("203.0.113.17", button.GetAttribute("data-copy"));
        Assert.Equal(name, button.GetAttribute("aria-label"));
        Assert.Equal(copied, button.GetAttribute("data-copied"));
    }

    [Fact]
    public void What_cannot_be_copied_has_no_button()
    {
        var line = Render<CodeLine>(p => p.Add(c => c.Shown, "••••4Kg=").Add(c => c.Aside, Markup("set 4 Nov")));
        Assert.Equal("••••4Kg=", line.Find("code").TextContent);
        Assert.Empty(line.FindAll("button"));
    }

    [Theory]
    [InlineData(NoticeTone.Info, "en", "notice-info", "Note:")]
    [InlineData(NoticeTone.Warn, "en", "notice-warn", "Warning:")]
    [InlineData(NoticeTone.Fail, "en", "notice-fail", "Does not work:")]
    [InlineData(NoticeTone.Warn, "zh-Hans", "notice-warn", "注意：")]
    public void A_notice_says_how_much_it_matters(NoticeTone tone, string culture, string tint, string word)
    {
        UseCulture(culture);
        var notice = Render<Notice>(p => p.Add(n => n.Tone, tone).Add(n => n.Title, "Stopped."));
        Assert.Contains(tint, notice.Find(".notice").ClassList);
        Assert.Equal(word, notice.Find(".unseen").TextContent.Trim());
    }

    [Theory]
    [InlineData(NoticeTone.Fail, false, "note")]
    [InlineData(NoticeTone.Fail, true, "alert")]
    [InlineData(NoticeTone.Info, true, "status")]
    public void Only_a_notice_that_appears_later_interrupts(NoticeTone tone, bool announce, string role) =>
        Assert.Equal(role, Render<Notice>(p => p.Add(n => n.Tone, tone).Add(n => n.Announce, announce)).Find(".notice").GetAttribute("role"));

    [Fact]
    public void An_entry_of_the_timeline_has_an_instant_or_a_text()
    {
        Assert.Equal("16:42", Render<TimelineEntry>(p => p.Add(e => e.At, Now).Add(e => e.Form, WhenForm.Time).Add(e => e.Zone, "Asia/Shanghai")).Find("time").TextContent);
        Assert.Equal("15:02", Render<TimelineEntry>(p => p.Add(e => e.Time, "15:02")).Find(".timeline-time").TextContent.Trim());
    }

    [Fact]
    public void An_empty_place_says_what_to_do()
    {
        var empty = Render<EmptyState>(p => p.Add(e => e.Title, "No campaign yet").Add(e => e.What, "Write one.").Add(e => e.Action, Markup("New")));
        Assert.Equal("Write one.", empty.Find("p.muted").TextContent);
        Assert.Equal("New", empty.Find(".actions").TextContent);
    }

    [Fact]
    public void A_figure_is_named_by_its_label()
    {
        var figure = Render<Figure>(p => p.Add(f => f.Label, "Sent today").Add(f => f.Value, "86,214"));
        Assert.Equal("Sent today", figure.Find("#" + figure.Find("[role=group]").GetAttribute("aria-labelledby")).TextContent);
        Assert.Empty(figure.FindAll(".figure-detail"));
    }
}
