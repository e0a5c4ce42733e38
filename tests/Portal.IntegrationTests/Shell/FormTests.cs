using System.Net;
using Portal.IntegrationTests.Members;

namespace Portal.IntegrationTests.Shell;

/// <summary>Whatever takes a POST takes none that another site made a browser send.</summary>
[Collection(WholePortal.Name)]
public sealed class FormTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    // POST without a token of ours, and what stands in its place.
    private static readonly Dictionary<string, string> _reasons = new(StringComparer.Ordinal)
    {
        ["/_blazor"] = "asks for the origin (CircuitDoorTests)",
        ["/_blazor/negotiate"] = "asks for the origin (CircuitDoorTests)",
        ["/_blazor/initializers/"] = "changes nothing: answers a list of scripts",
        ["/_blazor/disconnect/"] = "asks for the origin, and ends only the circuit whose secret id it is told",
        ["/operator/jobs/{**path}"] = "Hangfire's dashboard is read-only, and has a token of its own",
    };

    [Fact]
    public async Task No_form_is_taken_without_a_token_and_none_with_another_persons()
    {
        var filled = await PortalRoutes.FillAsync(portal);
        var (user, email) = await portal.NewUserAsync(isOperator: true);
        await portal.Database.AdminAsync($"insert into ident.memberships (tenant_id, user_id, role, created_at) values ('{filled.Team.Tenant.Id}', '{user}', 'owner', now())");
        var browser = await portal.SignedInAsync(email);
        await portal.EnrolAsync(browser, email);
        var foreign = await (await portal.SignedInAsync(filled.Team.Tenant.OwnerEmail)).TokenAsync("/account/password");
        Assert.NotEmpty(foreign);
        var taking = PortalRoutes.Of(portal.Services).Where(r => r.Takes("POST")).ToList();
        Assert.True(taking.Count >= 30, $"only {taking.Count} routes take a POST");

        foreach (var route in taking.Where(r => !_reasons.ContainsKey(r.Pattern)))
        {
            var path = route.Fill(filled.Slug, route.About is { } about ? filled.Ids[about] : filled.Team.Tenant.Id);
            foreach (var form in (Dictionary<string, string>[])[[], new() { ["__RequestVerificationToken"] = "made-up" }, new() { ["__RequestVerificationToken"] = foreign }])
            {
                var answer = await browser.PostAsync(path, form);
                Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"POST {path} answers {answer.StatusCode}");
            }
        }
        Assert.Empty(_reasons.Keys.Except(taking.Select(r => r.Pattern)));
    }

    // What is no page and answers a GET, and why that changes nothing.
    private static readonly Dictionary<string, string> _reads = new(StringComparer.Ordinal)
    {
        ["/_framework/opaque-redirect"] = "Blazor's: leads on to an address that it sealed itself",
        ["/health/live"] = "says that it lives",
        ["/health/ready"] = "asks the database",
        ["/metrics"] = "figures",
        ["/language/{culture}"] = "a cookie of the browser that asks",
        ["/mailbox"] = "says that there is none",
        ["/operator/usage.csv"] = "a file",
        ["/operator/audit.csv"] = "a file",
        ["/t/{slug}/audit.csv"] = "a file",
        ["/t/{slug}/export.zip"] = "a file, and the entry in the audit that it was taken",
        ["/t/{slug}/contacts/import/upload/token"] = "a token for a form",
        ["/t/{slug}/contacts/imports/{id:guid}/problems.csv"] = "a file",
    };

    /// <summary>A browser saves it, under a name of ours that needs no encoding, and keeps no copy beside it.</summary>
    [Fact]
    public async Task Every_file_is_an_attachment_with_a_plain_name_that_no_browser_keeps()
    {
        var filled = await PortalRoutes.FillAsync(portal);
        var (owner, ops) = (await portal.SignedInAsync(filled.Team.Tenant.OwnerEmail), await portal.OperatorAsync());
        var files = PortalRoutes.Of(portal.Services).Where(r => _reads.TryGetValue(r.Pattern, out var why) && why.StartsWith("a file", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, files.Count);
        foreach (var file in files)
        {
            var path = file.Fill(filled.Slug, file.About is { } about ? filled.Ids[about] : filled.Team.Tenant.Id);
            using var answer = await (path.StartsWith("/operator", StringComparison.Ordinal) ? ops : owner).GetAsync(path + "?name=evil.html&filename=evil.html");
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path} answers {answer.StatusCode}");
            Assert.Matches("^attachment; filename=\"?[a-z0-9-]+\\.(csv|zip)\"?$", answer.Content.Headers.ContentDisposition!.ToString());
            Assert.True(answer.Headers.CacheControl is { NoStore: true }, path);
        }
    }

    /// <summary>Account pages, refusals, what is not there. Pages with a circuit are drawn in the frame, which has it: <c>LayoutTests</c>.</summary>
    [Fact]
    public async Task Every_page_of_somebody_who_is_signed_in_has_a_way_out()
    {
        var filled = await PortalRoutes.FillAsync(portal);
        var (pages, without) = (0, new List<string>());
        foreach (var browser in (Browser[])[await portal.SignedInAsync(filled.Team.Tenant.OwnerEmail), await portal.OperatorAsync()])
        {
            foreach (var route in PortalRoutes.Of(portal.Services).Where(r => r.Takes("GET")))
            {
                var path = route.Fill(filled.Slug, route.About is { } about ? filled.Ids[about] : filled.Team.Tenant.Id);
                using var answer = await browser.GetAsync(path);
                if (answer.Content.Headers.ContentType?.MediaType != "text/html" || answer.StatusCode == HttpStatusCode.Redirect)
                    continue;
                var html = await answer.Content.ReadAsStringAsync();
                if (html.Contains("\"type\":\"server\"", StringComparison.Ordinal))
                    continue;
                pages++;
                if (!html.Contains("action=\"/account/sign-out\"", StringComparison.Ordinal))
                    without.Add($"{path} ({(int)answer.StatusCode})");
            }
        }
        Assert.True(pages >= 15, $"only {pages} pages");
        // Hangfire's own pages lead back to the operators'.
        Assert.DoesNotContain(without, p => !p.StartsWith("/operator/jobs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_answers_a_GET_changes_nothing_and_what_changes_something_answers_none()
    {
        var routes = PortalRoutes.Of(portal.Services);
        var reading = routes.Where(r => r.Methods.Contains("GET") && !r.Takes("POST") && !r.Methods.Contains("HEAD")).Select(r => r.Pattern).ToList();
        Assert.Equal(_reads.Keys.Order(StringComparer.Ordinal), reading.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

        var filled = await PortalRoutes.FillAsync(portal);
        var browser = await portal.SignedInAsync(filled.Team.Tenant.OwnerEmail);
        var writing = routes.Where(r => r.Methods.Contains("POST") && !r.Takes("GET") && !_reasons.ContainsKey(r.Pattern)).ToList();
        Assert.Contains(writing, r => r.Pattern == "/account/sign-out");
        foreach (var route in writing)
            Assert.NotEqual(HttpStatusCode.OK, (await browser.GetAsync(route.Fill(filled.Slug, Guid.Empty))).StatusCode);
        // Not even the one that would be gone: the session is still there.
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account/password")).StatusCode);
    }

    [Fact]
    public async Task Hangfires_dashboard_takes_no_order_from_an_operator_either()
    {
        var browser = await portal.OperatorAsync();
        foreach (var path in (string[])["/operator/jobs/jobs/enqueued/delete", "/operator/jobs/recurring/trigger", "/operator/jobs/jobs/actions/requeue/1"])
            Assert.True((int)(await browser.PostAsync(path, new() { ["jobs[]"] = "1" })).StatusCode is >= 400 and < 500, path);
    }
}
