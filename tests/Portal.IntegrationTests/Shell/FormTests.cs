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

    [Fact]
    public async Task Hangfires_dashboard_takes_no_order_from_an_operator_either()
    {
        var browser = await portal.OperatorAsync();
        foreach (var path in (string[])["/operator/jobs/jobs/enqueued/delete", "/operator/jobs/recurring/trigger", "/operator/jobs/jobs/actions/requeue/1"])
            Assert.True((int)(await browser.PostAsync(path, new() { ["jobs[]"] = "1" })).StatusCode is >= 400 and < 500, path);
    }
}
