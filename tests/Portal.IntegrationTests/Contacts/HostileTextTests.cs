using System.Text;
using Portal.Campaigns;
using Portal.Contacts;

namespace Portal.IntegrationTests.ContactsTests;

/// <summary>Text that would end a string, begin a statement, or stand for anything, is text.</summary>
public sealed class HostileTextTests(PortalFixture fixture) : ContactsRig(fixture), IClassFixture<PortalFixture>
{
    [Theory]
    [InlineData("x'); delete from app.contacts; --")]
    [InlineData("' or '1'='1")]
    [InlineData("$1 $2 {0} {1} {{name}}")]
    [InlineData("\\'; select pg_sleep(10); --")]
    [InlineData("%_\\%")]
    [InlineData("$$ $x$ :name @name ?")]
    [InlineData("{0:D2147483647}")]
    public async Task It_is_kept_shown_and_searched_as_it_was_typed(string text)
    {
        var member = await Fixture.NewTenantAsync();
        await ImportAsync(member, "mobile,name\n8613800138000,\"" + text + "\"\n8613900139000,Li\n", text);

        var list = await ListAsync(member, text);
        Assert.Equal([text, "Li"], list.Rows.Select(r => r.Fields["name"]));
        Assert.Equal(0, (await ListAsync(member, text, search: text)).Rows.Count(r => !r.Shown.StartsWith(NumberSearch.Prefix(member, text), StringComparison.Ordinal)));
        Assert.Equal("list_name_taken", (await Get<CreateList>().RunAsync(member, new(text), None)).Problems[0].Code);
        Assert.Equal(new ContactTotals(2, 1, 0), await Get<ContactCounts>().RunAsync(member, None));

        var found = new CampaignList(Fixture.Databases);
        Assert.Equal(0, (await found.RunAsync(member, new(Search: text), None)).Matching);
        Assert.False((await found.RunAsync(member, new(Search: text), None)).Any);
        Assert.Equal("list_created " + text, (await AuditAsync(member))[0]);
    }

    [Fact]
    public async Task A_file_whose_name_is_a_path_is_kept_in_the_database_under_its_last_part()
    {
        var member = await Fixture.NewTenantAsync();

        var import = (await UploadAsync(member, Encoding.UTF8.GetBytes("mobile\n8613800138000\n"), "../../etc/cron.d/people\r\nX: y.csv")).Value;

        var status = await Get<ImportStatus>().RunAsync(member, import, None);
        Assert.DoesNotContain("..", status!.FileName, StringComparison.Ordinal);
        Assert.DoesNotContain('/', status.FileName);
        Assert.DoesNotContain('\n', status.FileName);
    }
}
