using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Portal.IntegrationTests.Members;
using Portal.Tenants;
using Portal.Web.Hosting;
using Portal.Web.Metrics;

namespace Portal.IntegrationTests.Shell;

/// <summary>What Prometheus reads, and who may.</summary>
[Collection(WholePortal.Name)]
public sealed partial class MetricsTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    private const string Token = "a token of the operators' own";

    [Fact]
    public async Task Unless_it_is_set_there_is_no_such_address() =>
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(portal.Address, token: Token)).StatusCode);

    [Theory]
    [InlineData("--Portal:Metrics:Networks=127.0.0.1", null, null, true)]
    [InlineData("--Portal:Metrics:Networks=10.0.0.0/8, 127.0.0.0/8", null, null, true)]
    [InlineData("--Portal:Metrics:Networks=10.0.0.0/8", null, null, false)]
    [InlineData("--Portal:Metrics:Networks=127.0.0.1", null, "127.0.0.1", false)]
    [InlineData("--Portal:Metrics:Token=" + Token, Token, "203.0.113.9", true)]
    [InlineData("--Portal:Metrics:Token=" + Token, null, null, false)]
    [InlineData("--Portal:Metrics:Token=" + Token, "another token altogether", null, false)]
    [InlineData("--Portal:Metrics:Token=" + Token + "|--Portal:Metrics:Networks=127.0.0.1", Token, null, true)]
    [InlineData("--Portal:Metrics:Token=" + Token + "|--Portal:Metrics:Networks=127.0.0.1", null, null, false)]
    [InlineData("--Portal:Metrics:Token=" + Token + "|--Portal:Metrics:Networks=10.0.0.0/8", Token, null, false)]
    public async Task It_answers_whom_it_is_set_for_and_to_others_it_is_not_there(string settings, string? token, string? forwardedFor, bool answers)
    {
        var (app, address) = await RunningPortal.StartAsync(portal.Database, settings.Split('|'));
        await using (app)
        {
            var answer = await AskAsync(address, token, forwardedFor);
            Assert.Equal(answers ? HttpStatusCode.OK : HttpStatusCode.NotFound, answer.StatusCode);
            if (!answers)
                Assert.Empty(await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task It_says_what_happens_in_a_form_that_Prometheus_reads_and_nothing_of_whom()
    {
        var (app, address) = await RunningPortal.StartAsync(portal.Database, "--Portal:Metrics:Networks=127.0.0.1");
        await using (app)
        {
            var tenant = Guid.CreateVersion7();
            var vault = app.Services.GetRequiredService<Vault.Vault>();
            await vault.CreateTenantKeyAsync(tenant, default);
            var field = new Vault.VaultField(tenant, "account_secrets", "secret.1", Guid.CreateVersion7(), "https://sms.example.test:443");
            var sealedSecret = await vault.SealAsync(field, "secret"u8.ToArray(), default);
            // A purpose of this test's own: a counter is the whole process's, and other portals run in the tests' process.
            for (var i = 0; i < 3; i++)
                (await vault.OpenAsync(field, sealedSecret, "count", default)).Dispose();
            using var meter = new Meter("Portal.Tests");
            meter.CreateHistogram("portal.tests.waits", "s", "Of a test \\ with\ntwo lines.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2.5] }).Record(2, new KeyValuePair<string, object?>("purpose", "a \"b\" \\ c\nd"), new("tenant", tenant));
            meter.CreateObservableGauge("portal.tests.now", () => new Measurement<int>[] { new(3, new KeyValuePair<string, object?>("tenant", "a")), new(4, new KeyValuePair<string, object?>("tenant", "b")) });
            await new Browser(address).GetAsync("/account/sign-in?begins=8613800138000");
            await AskAsync(address);

            var answer = await AskAsync(address);
            var text = await answer.Content.ReadAsStringAsync();

            Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
            Assert.Contains("# TYPE portal_vault_openings_total counter\n", text, StringComparison.Ordinal);
            Assert.Equal("3", Regex.Match(text, "(?m)^portal_vault_openings_total\\{purpose=\"count\"\\} (.*)$").Groups[1].Value);
            Assert.Contains("# HELP portal_tests_waits_seconds Of a test \\\\ with\\ntwo lines.\n# TYPE portal_tests_waits_seconds histogram\n", text, StringComparison.Ordinal);
            const string tags = "purpose=\"a \\\"b\\\" \\\\ c\\nd\"";
            foreach (var line in (string[])[$"_bucket{{{tags},le=\"1\"}} 0", $"_bucket{{{tags},le=\"2.5\"}} 1", $"_bucket{{{tags},le=\"+Inf\"}} 1", $"_sum{{{tags}}} 2", $"_count{{{tags}}} 1"])
                Assert.Contains($"\nportal_tests_waits_seconds{line}\n", text, StringComparison.Ordinal);
            Assert.Contains("\nportal_tests_now 7\n", text, StringComparison.Ordinal);
            Assert.Contains("http_server_request_duration_seconds_bucket{", text, StringComparison.Ordinal);
            Assert.Contains("http_route=\"/account/sign-in\"", text, StringComparison.Ordinal);
            Assert.Contains("# TYPE dotnet_process_memory_working_set_bytes gauge\n", text, StringComparison.Ordinal);
            Assert.Contains("db_client_", text, StringComparison.Ordinal);

            Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), l => Assert.Matches(Line(), l));
            var names = text.Split('\n').Where(l => l.StartsWith("# TYPE", StringComparison.Ordinal)).ToList();
            Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
            foreach (var secret in (string[])[tenant.ToString(), "8613800138000", portal.Database.Options.For(Data.DatabaseRole.App), "portal_app", "Host="])
                Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotMatch("(?<![0-9.])[1-9][0-9]{10,14}(?=\")", text);
        }
    }

    /// <summary>Over a database of its own, on an instance that applies nothing: nobody else moves what is counted.</summary>
    [Fact]
    public async Task It_says_how_receipts_and_sending_stand()
    {
        await using var database = await TestDatabase.CreateAsync();
        var (app, address) = await RunningPortal.StartAsync(database, "--Portal:Metrics:Networks=127.0.0.1", "--Portal:Roles=web,receipts");
        await using (app)
        {
            Assert.Equal(["0", "0", "0", "0"], Figures(await TextAsync(address)));

            await database.AdminAsync($"""
                insert into infra.receipt_inbox (received_at, body) values (now() - interval '90 seconds', 'x'), (now(), 'y');
                insert into infra.parked_receipts (id, received_at, reason, tenant_id, sealed, next_at)
                select n, now(), 'unknown_key', '{Guid.CreateVersion7()}', '', now() from generate_series(1, 3) n;
                update infra.dispatch_state set held_why = 'other_timeline', held_at = now();
                """);
            // The hold is asked for every few seconds only.
            var figures = Figures(await TextAsync(address));
            for (var tries = 0; tries < 120 && figures is not [_, "3", "1", _]; tries++)
            {
                await Task.Delay(500);
                figures = Figures(await TextAsync(address));
            }

            Assert.InRange(double.Parse(figures[0], System.Globalization.CultureInfo.InvariantCulture), 90, 3600);
            Assert.Equal(["3", "1", "0"], figures[1..]);
        }

        static string[] Figures(string text) =>
            [.. ((string[])["portal_receipts_lag_seconds", "portal_receipts_parked", "portal_dispatch_held", "portal_receipts_spooled_bytes"])
                .Select(n => Regex.Match(text, $"(?m)^{n} (.*)$").Groups[1].Value)];
    }

    [Fact]
    public async Task What_the_database_does_not_answer_stands_in_no_line()
    {
        await using var app = Web.Program.Create(RunningPortal.Settings(portal.Database, "--Portal:Metrics:Networks=127.0.0.1",
            "--ConnectionStrings:Portal=Host=127.0.0.1;Port=1;Database=gone;Timeout=1"));
        var (state, reader) = (app.Services.GetRequiredService<StateGauges>(), app.Services.GetRequiredService<MetricsReader>());
        reader.Start();

        await state.RefreshAsync(CancellationToken.None);

        Assert.DoesNotMatch("portal_receipts_lag|portal_receipts_parked|portal_dispatch_held", reader.Read());
        Assert.Contains("dotnet_", reader.Read(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Portal:Metrics:Networks=nonsense", "Portal:Metrics:Networks")]
    [InlineData("--Portal:Metrics:Token=short", "Portal:Metrics:Token")]
    [InlineData("--Portal:Metrics:TokenFile=/not/there", "Portal:Metrics:TokenFile")]
    public void A_mistake_stops_the_start(string setting, string key)
    {
        var refusal = Assert.Throws<SettingsException>(() => Web.Program.Create(RunningPortal.Settings(portal.Database, setting)));
        Assert.Contains(key, Assert.Single(refusal.Mistakes), StringComparison.Ordinal);
    }

    private static async Task<string> TextAsync(Uri address) => await (await AskAsync(address)).Content.ReadAsStringAsync();

    private static async Task<HttpResponseMessage> AskAsync(Uri address, string? token = null, string? forwardedFor = null)
    {
        using var http = new HttpClient { BaseAddress = address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (forwardedFor is not null)
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        return await http.SendAsync(request);
    }

    [GeneratedRegex("""^(# (HELP|TYPE) [a-zA-Z_][a-zA-Z0-9_]* .*|[a-zA-Z_][a-zA-Z0-9_]*(\{[a-z_]+="([^"\\]|\\.)*"(,[a-z_]+="([^"\\]|\\.)*")*\})? (NaN|[-+]?(Inf|[0-9.]+(E[-+][0-9]+)?)))$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();
}
