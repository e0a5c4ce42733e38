using System.Net;
using Portal.Members;
using Portal.Tenants;

namespace Portal.IntegrationTests.Members;

/// <summary>The audit as it is read: by whom, filtered, exported.</summary>
[Collection(WholePortal.Name)]
public sealed class AuditPageTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Fact]
    public async Task An_export_has_what_the_filter_asks_for_and_nothing_that_a_spreadsheet_computes()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (manager, email) = await team.AddAsync(MemberRole.Manager);
        var browser = await portal.SignedInAsync(email);
        await team.InviteAsync(manager with { From = new("203.0.113.9", "01020304"), Name = "=cmd()" }, "=1+1@example.test");
        await portal.Database.AdminAsync($"update ident.users set display_name = '=HYPERLINK(1)' where id = '{manager.UserId}'");
        await team.InviteAsync(manager with { From = new("203.0.113.9", "01020304") }, "two@example.test");

        var csv = await ReadAsync(browser, $"/t/{team.Tenant.Slug}/audit.csv?what=team&who={manager.UserId}");
        var none = await ReadAsync(browser, $"/t/{team.Tenant.Slug}/audit.csv?what=campaigns");
        var before = await ReadAsync(browser, $"/t/{team.Tenant.Slug}/audit.csv?to=2020-01-01");

        Assert.Equal(3, csv.Length);
        Assert.Contains("203.0.113.9", csv[1], StringComparison.Ordinal);
        Assert.Contains("'=HYPERLINK(1)", csv[1], StringComparison.Ordinal);
        Assert.DoesNotContain(csv.SelectMany(line => line.Split(',')), cell => cell.TrimStart('"').StartsWith('='));
        Assert.Single(none);
        Assert.Single(before);
    }

    [Theory]
    [InlineData(MemberRole.Sender)]
    [InlineData(MemberRole.Viewer)]
    public async Task Who_may_not_read_it_is_answered_like_a_stranger(MemberRole role)
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (member, email) = await team.AddAsync(role);

        Assert.Equal(HttpStatusCode.NotFound, (await (await portal.SignedInAsync(email)).GetAsync($"/t/{team.Tenant.Slug}/audit.csv")).StatusCode);
        await Assert.ThrowsAsync<NotAllowedException>(() => team.UseAsync<Portal.Audit.AuditList, object>(async l => await l.RunAsync(member, new(), 1, CancellationToken.None)));
        Assert.Equal(HttpStatusCode.Forbidden, (await (await portal.SignedInAsync(email)).GetAsync("/operator/audit.csv")).StatusCode);
    }

    private static async Task<string[]> ReadAsync(Browser browser, string path)
    {
        var answer = await browser.GetAsync(path);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        return (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }
}
