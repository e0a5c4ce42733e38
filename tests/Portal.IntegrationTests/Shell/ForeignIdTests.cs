using System.Net;
using Portal.IntegrationTests.Members;
using Portal.Tenants;

namespace Portal.IntegrationTests.Shell;

/// <summary>Every address of a tenant, with what is another tenant's and with what nobody has: the same answer to the letter.</summary>
[Collection(WholePortal.Name)]
public sealed class ForeignIdTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    // Addresses that take a value and belong to no tenant, with why none of it can be another tenant's.
    private static readonly Dictionary<string, string> _ofNoTenant = new(StringComparer.Ordinal)
    {
        ["/status/{Code:int}"] = "a number of HTTP",
        ["/language/{culture}"] = "one of two languages",
        ["/operator/tenants/{Id:guid}"] = "operators see every tenant",
        ["/operator/jobs/{**path}"] = "operators only",
    };

    [Fact]
    public async Task Every_route_answers_the_same_404_for_a_foreign_id_and_one_that_nobody_has()
    {
        var (mine, theirs) = (await PortalRoutes.FillAsync(portal), await PortalRoutes.FillAsync(portal));
        var browser = await portal.SignedInAsync(mine.Team.Tenant.OwnerEmail);
        var routes = PortalRoutes.Of(portal.Services).Where(r => r.IsTenants).ToList();
        Assert.True(routes.Count >= 20, $"only {routes.Count} routes of tenants");
        var (asked, bodies) = (0, new HashSet<string>(StringComparer.Ordinal));

        foreach (var route in routes)
        {
            foreach (var method in (string[])["GET", "POST"])
            {
                if (!route.Takes(method))
                    continue;
                foreach (var (slug, id) in Foreign(mine, theirs, route))
                {
                    var answer = await AskAsync(browser, method, route.Fill(slug, id));
                    Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{method} {route.Fill(slug, id)} answers {answer.StatusCode}");
                    bodies.Add(method + Browser.Varying().Replace(await answer.Content.ReadAsStringAsync(), "").Replace(slug, "", StringComparison.Ordinal).Replace(id.ToString(), "", StringComparison.Ordinal));
                    asked++;
                }
            }
        }

        // One for GET, which is the page that says so; one for POST, which is empty.
        Assert.Equal(2, bodies.Count);
        Assert.Contains("POST", bodies);
        Assert.Contains(bodies, b => b.Contains("Not found", StringComparison.Ordinal));
        Assert.True(asked >= 100, $"only {asked} requests");
    }

    [Fact]
    public async Task Every_route_with_an_id_of_ones_own_is_there()
    {
        var mine = await PortalRoutes.FillAsync(portal);
        var browser = await portal.SignedInAsync(mine.Team.Tenant.OwnerEmail);
        foreach (var route in PortalRoutes.Of(portal.Services).Where(r => r.IsTenants && r.Takes("GET")))
        {
            var answer = await AskAsync(browser, "GET", route.Fill(mine.Slug, route.About is { } about ? mine.Ids[about] : Guid.Empty));
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{route.Pattern} answers {answer.StatusCode}");
        }
    }

    [Fact]
    public void Every_value_in_an_address_is_a_tenants_or_has_its_reason()
    {
        foreach (var route in PortalRoutes.Of(portal.Services).Where(r => r.Parameters.Count > 0))
        {
            var others = route.Parameters.Except(["slug", "id"], StringComparer.OrdinalIgnoreCase).ToList();
            if (route.IsTenants)
                Assert.True(others.Count == 0 && (route.Parameters.Count == 1 || route.About is not null), $"{route.Pattern} has a value that nobody looks up");
            else
                Assert.True(_ofNoTenant.ContainsKey(route.Pattern) || IsAsset(route), $"{route.Pattern} is neither a tenant's nor on the list");
        }
    }

    private static bool IsAsset(PortalRoute route) => route.Parameters.All(p => p is "asset" or "path") && !route.Takes("POST");

    private static IEnumerable<(string Slug, Guid Id)> Foreign(FilledTenant mine, FilledTenant theirs, PortalRoute route)
    {
        Guid[] all = [.. theirs.Ids.Values, Guid.NewGuid(), Guid.Empty];
        foreach (var id in all.Concat(mine.Ids.Values))
            yield return (theirs.Slug, id);
        yield return ("no-such-tenant", Guid.NewGuid());
        if (route.About is not { } about)
            yield break;
        foreach (var id in all)
            yield return (mine.Slug, id);
        // One's own, of another kind.
        foreach (var (_, id) in mine.Ids.Where(i => i.Key != about))
            yield return (mine.Slug, id);
    }

    private static Task<HttpResponseMessage> AskAsync(Browser browser, string method, string path) =>
        method == "GET" ? browser.GetAsync(path) : browser.PostAsync(path, []);
}
