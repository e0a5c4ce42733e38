using System.Globalization;
using Bunit;
using Microsoft.AspNetCore.Components;
using Portal.Tenants;
using Portal.Web.Shell;

namespace Portal.Web.Tests.Shell;

public sealed class WhenTests : PortalContext
{
    // now is Sunday 22 November 2026, 16:42 in Shanghai
    [Theory]
    [InlineData("en", "2026-11-22T10:00:00Z", "today 18:00")]
    [InlineData("en", "2026-11-22T16:30:00Z", "tomorrow 00:30")]
    [InlineData("en", "2026-11-21T15:59:00Z", "yesterday 23:59")]
    [InlineData("en", "2026-11-24T02:00:00Z", "Tue 10:00")]
    [InlineData("en", "2026-11-29T02:00:00Z", "29 Nov 10:00")]
    [InlineData("en", "2026-11-17T02:00:00Z", "17 Nov 10:00")]
    [InlineData("en", "2025-10-03T02:00:00Z", "3 Oct 2025")]
    [InlineData("zh-Hans", "2026-11-22T10:00:00Z", "今天 18:00")]
    [InlineData("zh-Hans", "2026-11-23T10:00:00Z", "明天 18:00")]
    [InlineData("zh-Hans", "2026-11-24T02:00:00Z", "周二 10:00")]
    [InlineData("zh-Hans", "2026-10-03T02:00:00Z", "10月3日 10:00")]
    [InlineData("zh-Hans", "2025-10-03T02:00:00Z", "2025年10月3日")]
    public void A_time_is_written_as_near_as_it_is(string culture, string at, string text)
    {
        UseCulture(culture);
        Assert.Equal(text, Time(at).TextContent);
    }

    [Theory]
    [InlineData("en", "Sunday 22 November 2026, 18:00 Asia/Shanghai")]
    [InlineData("zh-Hans", "2026年11月22日 星期日 18:00 Asia/Shanghai")]
    public void The_title_has_the_whole_time_with_its_zone(string culture, string title)
    {
        UseCulture(culture);
        var time = Time("2026-11-22T10:00:00Z");
        Assert.Equal(title, time.GetAttribute("title"));
        Assert.Equal("2026-11-22T10:00:00Z", time.GetAttribute("datetime"));
    }

    [Fact]
    public void The_zone_decides_which_day_it_is() =>
        Assert.Equal("today 05:00", Time("2026-11-22T10:00:00Z", "America/New_York").TextContent);

    [Fact]
    public void An_unknown_zone_reads_as_UTC_and_says_so() =>
        Assert.Equal("today 10:00 UTC", Time("2026-11-22T10:00:00Z", "Mars/Olympus", showZone: true).TextContent);

    [Fact]
    public void A_time_of_today_can_stand_alone_and_another_day_is_named()
    {
        Assert.Equal("18:00", Time("2026-11-22T10:00:00Z", form: WhenForm.Time).TextContent);
        Assert.Equal("yesterday 18:00", Time("2026-11-21T10:00:00Z", form: WhenForm.Time).TextContent);
    }

    [Fact]
    public void Without_a_zone_of_its_own_it_takes_the_tenants()
    {
        var page = Render<CascadingValue<ShellTenant>>(p => p
            .Add(c => c.Value, new ShellTenant("lantern", "Lantern Tea Co.", "Asia/Tokyo", MemberRole.Viewer))
            .AddChildContent<When>(w => w.Add(x => x.At, Instant("2026-11-22T10:00:00Z"))));
        Assert.Equal("today 19:00", page.Find("time").TextContent);
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private AngleSharp.Dom.IElement Time(string at, string zone = "Asia/Shanghai", WhenForm form = WhenForm.Short, bool showZone = false) =>
        Render<When>(p => p.Add(w => w.At, Instant(at)).Add(w => w.Zone, zone).Add(w => w.Form, form).Add(w => w.ShowZone, showZone)).Find("time");
}
