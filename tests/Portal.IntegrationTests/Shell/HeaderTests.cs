using System.Net;
using System.Net.Http.Headers;
using Portal.IntegrationTests.Members;

namespace Portal.IntegrationTests.Shell;

/// <summary>What a browser is told to forbid stands on every answer: of every route, as a stranger, a member and an operator, and on every kind of error.</summary>
[Collection(WholePortal.Name)]
public sealed class HeaderTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    private static readonly Dictionary<string, string> _policy = new(StringComparer.Ordinal)
    {
        ["default-src"] = "'self'",
        ["script-src"] = "'self'",
        // MudBlazor sets styles on elements.
        ["style-src"] = "'self' 'unsafe-inline'",
        ["img-src"] = "'self' data:",
        ["font-src"] = "'self'",
        ["connect-src"] = "'self'",
        ["object-src"] = "'none'",
        ["base-uri"] = "'self'",
        ["form-action"] = "'self'",
        ["frame-ancestors"] = "'none'",
    };

    [Fact]
    public async Task Every_route_answers_with_them_whoever_asks()
    {
        var filled = await PortalRoutes.FillAsync(portal);
        Browser[] browsers = [portal.NewBrowser(), await portal.SignedInAsync(filled.Team.Tenant.OwnerEmail), await portal.OperatorAsync()];
        var routes = PortalRoutes.Of(portal.Services);
        var seen = new Dictionary<HttpStatusCode, int>();
        foreach (var browser in browsers)
        {
            foreach (var route in routes)
            {
                var path = route.Fill(filled.Slug, route.About is { } about ? filled.Ids[about] : filled.Team.Tenant.Id);
                foreach (var answer in (HttpResponseMessage[])[await browser.GetAsync(path), await browser.PostAsync(path, [])])
                {
                    Check(answer, https: false);
                    seen[answer.StatusCode] = seen.GetValueOrDefault(answer.StatusCode) + 1;
                }
            }
        }
        Assert.True(seen.Values.Sum() >= 400, $"only {seen.Values.Sum()} answers");
        foreach (var status in (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.Redirect, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed])
            Assert.True(seen.ContainsKey(status), $"no answer was {status}");
    }

    [Fact]
    public async Task An_error_of_ours_has_them_too_and_says_nothing()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var browser = await portal.SignedInAsync(team.Tenant.OwnerEmail);
        await portal.Database.AdminAsync("alter table ident.memberships rename to memberships_away");
        try
        {
            var answer = await browser.GetAsync($"/t/{team.Tenant.Slug}");

            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
            Check(answer, https: false);
            var said = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotContain("memberships", said, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", said, StringComparison.Ordinal);
        }
        finally
        {
            await portal.Database.AdminAsync("alter table ident.memberships_away rename to memberships");
        }
    }

    [Fact]
    public async Task The_webhook_and_health_have_them_whatever_they_answer()
    {
        var browser = portal.NewBrowser();
        foreach (var path in (string[])["/receipts", "/receipts/some-token", "/receipts/not a token"])
        {
            CheckForMachines(await browser.PostAsync(path, new() { ["a"] = "b" }), https: false);
            CheckForMachines(await browser.PostAsync(path, new() { ["a"] = new string('b', 5000) }), https: false);
            Check(await browser.GetAsync(path), https: false);
        }
        var (app, address) = await RunningPortal.StartAsync(portal.Database, "--Portal:Database:KeyStoreDatabase=not_there");
        await using (app)
        {
            var answer = await new Browser(address).GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Check(answer, https: false);
        }
    }

    [Fact]
    public async Task Where_browsers_come_over_TLS_they_are_told_to_stay_there()
    {
        var (app, address) = await RunningPortal.StartAsync(portal.Database, "--Portal:PublicAddress=https://sms.example.test", "--Portal:TrustedProxies=127.0.0.1");
        await using (app)
        {
            foreach (var path in (string[])["/account/sign-in", "/app.css", "/health/live", "/nothing", "/receipts"])
                Check(await new Browser(address).GetAsync(path), https: true);
            CheckForMachines(await new Browser(address).PostAsync("/receipts", []), https: true);
            using var proxy = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { { "X-Forwarded-Proto", "https" } } };
            var page = await proxy.GetAsync("/account/sign-in");
            Check(page, https: true);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            var cookies = page.Headers.GetValues("Set-Cookie").ToList();
            Assert.NotEmpty(cookies);
            Assert.All(cookies, c => Assert.Contains("secure", c, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static void Check(HttpResponseMessage answer, bool https)
    {
        var headers = answer.Headers;
        var asked = $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.PathAndQuery} ({(int)answer.StatusCode})";
        var policy = One(headers, "Content-Security-Policy", asked).Split(';', StringSplitOptions.TrimEntries)
            .Select(d => d.Split(' ', 2)).ToDictionary(d => d[0], d => d[1], StringComparer.Ordinal);
        Assert.Equal(_policy.OrderBy(p => p.Key, StringComparer.Ordinal), policy.OrderBy(p => p.Key, StringComparer.Ordinal));
        Assert.Equal("nosniff", One(headers, "X-Content-Type-Options", asked));
        Assert.Equal("same-origin", One(headers, "Referrer-Policy", asked));
        Assert.Equal("same-origin", One(headers, "Cross-Origin-Opener-Policy", asked));
        Assert.Equal("same-origin", One(headers, "Cross-Origin-Resource-Policy", asked));
        Assert.StartsWith("camera=(), microphone=(), geolocation=()", One(headers, "Permissions-Policy", asked), StringComparison.Ordinal);
        Assert.False(headers.Contains("Server"), asked);
        if (answer.Content.Headers.ContentType?.MediaType == "text/html")
            Assert.True(headers.CacheControl is { NoStore: true }, asked);
        if (https)
            Assert.Equal("max-age=31536000; includeSubDomains", One(headers, "Strict-Transport-Security", asked));
        else
            Assert.False(headers.Contains("Strict-Transport-Security"), asked);
    }

    /// <summary>The webhook's answer: shorter, and stricter.</summary>
    private static void CheckForMachines(HttpResponseMessage answer, bool https)
    {
        var (headers, asked) = (answer.Headers, $"POST {answer.RequestMessage!.RequestUri!.PathAndQuery} ({(int)answer.StatusCode})");
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", One(headers, "Content-Security-Policy", asked));
        Assert.Equal("nosniff", One(headers, "X-Content-Type-Options", asked));
        Assert.True(headers.CacheControl is { NoStore: true }, asked);
        Assert.False(headers.Contains("Server"), asked);
        Assert.Equal(https, headers.Contains("Strict-Transport-Security"));
    }

    private static string One(HttpResponseHeaders headers, string name, string asked)
    {
        Assert.True(headers.TryGetValues(name, out var values), $"{asked} has no {name}");
        return Assert.Single(values);
    }
}
