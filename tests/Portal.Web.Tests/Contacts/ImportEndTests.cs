using Bunit;
using Portal.Contacts;
using Portal.Web.Contacts;

namespace Portal.Web.Tests.Contacts;

public sealed class ImportEndTests : PortalContext
{
    [Theory]
    [InlineData("en", 20_000, "20,000 of 60,000 rows read")]
    [InlineData("zh-Hans", 20_000, "已读取 20,000 / 60,000 行")]
    [InlineData("en", 60_000, "All rows are read.")]
    public async Task A_running_import_says_how_far_it_is_and_can_be_cancelled(string culture, int rows, string line)
    {
        UseCulture(culture);
        var cancelled = 0;

        var running = Render<ImportRunning>(p => p
            .Add(r => r.Progress, Samples.Progress(ImportState.Running, rows)).Add(r => r.MayChange, value: true).Add(r => r.OnCancel, () => cancelled++));

        Assert.Contains(line, running.Find("[role=status]").TextContent, StringComparison.Ordinal);
        Assert.Equal((rows.ToString(), "60000"), (running.Find("progress").GetAttribute("value"), running.Find("progress").GetAttribute("max")));
        await running.Find("button").ClickAsync(new());
        Assert.Equal(1, cancelled);
    }

    [Fact]
    public void Somebody_who_only_looks_cannot_cancel() =>
        Assert.Empty(Render<ImportRunning>(p => p.Add(r => r.Progress, Samples.Progress(ImportState.Running))).FindAll("button"));

    [Theory]
    [InlineData("en", "New people", "No country code: choose the country, or add it", "the first 2 of 15,000")]
    [InlineData("zh-Hans", "新联系人", "没有国家代码：请选择国家或加上代码", "前 2 行，共 15,000 行")]
    public void A_finished_import_shows_its_counts_and_the_lines_that_were_not_taken(string culture, string figure, string reason, string shown)
    {
        UseCulture(culture);

        var result = Render<ImportResult>(p => p
            .Add(r => r.Progress, Samples.Progress(ImportState.Done))
            .Add(r => r.Lines, [new(4, "13800138001", "no_country"), new(6, "8613800138000", "duplicate")])
            .Add(r => r.DownloadHref, "/problems.csv"));

        Assert.Equal(figure, result.FindAll(".figure-label")[0].TextContent);
        Assert.Equal(["40,000", "5,000", "3,000", "12,000"], result.FindAll(".figure-value").Select(v => v.TextContent));
        Assert.Equal(["4", "13800138001", reason], result.FindAll("tbody tr")[0].Children.Select(c => c.TextContent));
        Assert.Contains(shown, result.Markup, StringComparison.Ordinal);
        Assert.Equal("/problems.csv", result.Find("a[download]").GetAttribute("href"));
    }

    [Fact]
    public void An_import_without_a_problem_has_no_table_of_them() =>
        Assert.Empty(Render<ImportResult>(p => p.Add(r => r.Progress, Samples.Progress(ImportState.Done, problems: 0))).FindAll("table"));
}
