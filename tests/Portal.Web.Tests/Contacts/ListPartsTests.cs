using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Contacts;
using Portal.Members;
using Portal.Web.Contacts;

namespace Portal.Web.Tests.Contacts;

public sealed class ListPartsTests : PortalContext
{
    [Theory]
    [InlineData("en", "People", "12,345")]
    [InlineData("zh-Hans", "人数", "12,345")]
    public void Lists_stand_with_their_sizes_and_lead_to_their_pages(string culture, string heading, string people)
    {
        UseCulture(culture);
        var list = Samples.List();

        var table = Render<ListsTable>(p => p.Add(t => t.Lists, [list]).Add(t => t.BaseHref, "/t/lantern/contacts/lists"));

        Assert.Equal(heading, table.FindAll("th")[1].TextContent);
        Assert.Equal([people, "67"], table.FindAll("td.r").Take(2).Select(c => c.TextContent));
        Assert.Equal($"/t/lantern/contacts/lists/{list.Id}", table.Find("a").GetAttribute("href"));
    }

    [Theory]
    [InlineData("en", ImportState.Uploaded, "Pasted numbers", "Go on")]
    [InlineData("en", ImportState.Running, "Pasted numbers", "Look")]
    [InlineData("zh-Hans", ImportState.Failed, "粘贴的号码", "继续")]
    public void An_import_that_waits_is_offered_again(string culture, ImportState state, string name, string action)
    {
        UseCulture(culture);
        var import = new OpenImport(Guid.NewGuid(), "", state, 2_000, Now);

        var panel = Render<OpenImportsPanel>(p => p.Add(t => t.Imports, [import]).Add(t => t.BaseHref, "/t/lantern/contacts/import"));

        Assert.Contains(name, panel.Find(".need").TextContent, StringComparison.Ordinal);
        Assert.Equal((action, $"/t/lantern/contacts/import/{import.Id}"), (panel.Find("a").TextContent, panel.Find("a").GetAttribute("href")));
    }

    [Theory]
    [InlineData("en", "There is a list “Members” already.")]
    [InlineData("zh-Hans", "已有列表“Members”。")]
    public async Task A_name_that_is_refused_stays_in_the_dialog_with_the_reason_at_its_field(string culture, string sentence)
    {
        UseCulture(culture);
        string? asked = null;
        var (page, closed) = await OpenAsync(name =>
        {
            asked = name;
            return [new Problem("Name", "list_name_taken", name)];
        });

        await page.Find("input[name=Name]").InputAsync(new() { Value = "Members" });
        await page.Find("form").SubmitAsync();

        Assert.Equal("Members", asked);
        Assert.Contains(sentence, page.Find(".field-error").TextContent, StringComparison.Ordinal);
        Assert.Equal("Members", page.Find("input[name=Name]").GetAttribute("value"));
        Assert.False(closed.IsCompleted);
    }

    [Fact]
    public async Task A_name_that_is_taken_closes_the_dialog()
    {
        var (page, closed) = await OpenAsync(_ => []);

        await page.Find("form").SubmitAsync();

        await closed;
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".mud-dialog")));
    }

    [Theory]
    [InlineData("en", "Opted out")]
    [InlineData("zh-Hans", "已退订")]
    public void People_stand_with_their_fields_and_whether_they_opted_out(string culture, string word)
    {
        UseCulture(culture);
        var view = new ListView(Guid.NewGuid(), "Members", 2, 1, 2, 1, 1, ["city", "name"],
        [
            new("+86 138 0013 8000", new Dictionary<string, string> { ["name"] = "李" }, Suppressed: true, Now),
            new("+86 138 •••• 8001", new Dictionary<string, string> { ["city"] = "北京" }, Suppressed: false, Now),
        ]);

        var table = Render<ContactsTable>(p => p.Add(t => t.View, view));

        var cells = table.FindAll("tbody tr").Select(r => r.Children.Select(c => c.TextContent.Trim()).ToArray()).ToArray();
        Assert.Equal(["", "李"], cells[0][1..3]);
        Assert.Equal(["北京", ""], cells[1][1..3]);
        Assert.EndsWith(word, cells[0][3], StringComparison.Ordinal);
        Assert.Equal("", cells[1][3]);
    }

    [Fact]
    public void Pages_are_links_and_only_where_there_are_several()
    {
        Assert.Empty(Pager(1, 1).Markup);
        Assert.Equal(["/2"], Pager(1, 3).FindAll("a").Select(a => a.GetAttribute("href")!));
        Assert.Equal(["/1", "/3"], Pager(2, 3).FindAll("a").Select(a => a.GetAttribute("href")!));
        Assert.Contains("Page 3 of 3", Pager(3, 3).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_sought_can_be_taken_back()
    {
        string? found = null;
        var finder = Render<NumberFinder>(p => p.Add(f => f.Sought, "86138").Add(f => f.OnFind, s => found = s));

        Assert.Equal("86138", finder.Find("input").GetAttribute("value"));
        await finder.FindAll("button")[1].ClickAsync(new());
        Assert.Equal("", found);
        await finder.Find("input").ChangeAsync(new() { Value = " 65 " });
        await finder.Find("form").SubmitAsync();
        Assert.Equal("65", found);
    }

    private IRenderedComponent<Pager> Pager(int page, int pages) =>
        Render<Pager>(p => p.Add(x => x.Page, page).Add(x => x.Pages, pages).Add(x => x.Href, to => $"/{to}"));

    private async Task<(IRenderedComponent<MudDialogProvider> Page, Task Closed)> OpenAsync(Func<string, IReadOnlyList<Problem>> save)
    {
        var page = Render<MudDialogProvider>();
        Task closed = Task.CompletedTask;
        await page.InvokeAsync(() =>
        {
            closed = ListNameDialog.AskAsync(Services.GetRequiredService<IDialogService>(), "Title", "Save", "Old", name => Task.FromResult(save(name)));
        });
        page.WaitForElement("input[name=Name]");
        return (page, closed);
    }
}
