using System.Net;
using System.Security.Cryptography;
using Npgsql;
using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Bench;

/// <summary>
/// Whether the time of a 404 tells a thing of another tenant from one that nobody has: each address is asked with the one and the
/// other in turn, and the medians and a rank test stand beside each other. That status and page are the same, the tests hold.
/// </summary>
internal static class ForeignBench
{
    private const string Password = "correct horse battery";
    private const double MostMs = 10;

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var rounds = options.Number("rounds", 500);
        await using var scratch = await Scratch.CreateAsync(ct);
        foreach (var slug in (string[])["mine", "theirs"])
            await TenantAsync(scratch, slug, ct);
        var (list, account) = await FillAsync(scratch, "theirs", ct);
        await FillAsync(scratch, "mine", ct);
        await using var portal = Receiver.Start(scratch, "web");
        await portal.UntilAnswersAsync(ct);
        using var session = await WebSession.SignInAsync(portal.Address, "mine@example.test", Password, ct);

        var (table, worst, apart) = (new Table("foreign", options.Json), 1.0, 0.0);
        table.Add("requests for each", rounds, "requests");
        foreach (var (name, foreign, unknown) in ((string, Func<string>, Func<string>)[])
        [
            ("another tenant", () => "/t/theirs/campaigns", () => "/t/no-such/campaigns"),
            ("a list of another tenant", () => $"/t/mine/contacts/lists/{list}", () => $"/t/mine/contacts/lists/{Guid.CreateVersion7()}"),
            ("an account of another tenant", () => $"/t/mine/accounts/{account}", () => $"/t/mine/accounts/{Guid.CreateVersion7()}"),
            ("a list under its own tenant's address", () => $"/t/theirs/contacts/lists/{list}", () => $"/t/no-such/contacts/lists/{Guid.CreateVersion7()}"),
        ])
        {
            var (one, other) = await AskAsync(session, foreign, unknown, rounds, ct);
            var (mine, theirs) = (RankTest.Median(one), RankTest.Median(other));
            table.Add($"{name}: median", mine, "ms");
            table.Add($"{name}: one that nobody has, median", theirs, "ms");
            table.Add($"{name}: apart", Math.Abs(mine - theirs), "ms", $"≤ {MostMs}");
            table.Add($"{name}: the same, by ranks", RankTest.P(one, other), "p");
            apart = Math.Max(apart, Math.Abs(mine - theirs));
            worst = Math.Abs(Math.Log(mine / theirs)) > Math.Abs(Math.Log(worst)) ? mine / theirs : worst;
        }
        table.Print(worst, "median of a foreign one ÷ of one that nobody has, farthest from 1");
        return apart <= MostMs ? 0 : 1;
    }

    private static async Task<(List<double> Foreign, List<double> Unknown)> AskAsync(
        WebSession session, Func<string> foreign, Func<string> unknown, int rounds, CancellationToken ct)
    {
        var (one, other) = (new List<double>(rounds), new List<double>(rounds));
        for (var i = -50; i < rounds; i++)
        {
            // In a new order each time: neither always comes after the other.
            var first = RandomNumberGenerator.GetInt32(2) == 0;
            var a = await OneAsync(session, first ? foreign() : unknown(), ct);
            var b = await OneAsync(session, first ? unknown() : foreign(), ct);
            // The first ones warm it up.
            if (i < 0)
                continue;
            one.Add(first ? a : b);
            other.Add(first ? b : a);
        }
        return (one, other);
    }

    private static async Task<double> OneAsync(WebSession session, string path, CancellationToken ct)
    {
        var (status, took) = await session.GetAsync(path, ct);
        return status == HttpStatusCode.NotFound ? took.TotalMilliseconds : throw new InvalidOperationException($"{path} answers {status}.");
    }

    private static async Task TenantAsync(Scratch scratch, string slug, CancellationToken ct)
    {
        var settings = scratch.Settings(requestTimeoutSeconds: 5);
        settings["Portal:PublicAddress"] = "http://localhost:1";
        settings["ASPNETCORE_ENVIRONMENT"] = "Development";
        await using var admin = Child.Start(Scratch.Required("PORTAL_BIN_WEB"),
            ["admin", "tenant", "create", slug, "--slug", slug, "--owner", $"{slug}@example.test", "--password", Password], settings);
        await Wait.UntilAsync(_ => Task.FromResult(!admin.Running), TimeSpan.FromMinutes(1), () => "The tenant is not made:\n" + admin.Tail, ct);
        if (admin.ExitCode != 0)
            throw new InvalidOperationException("The tenant is not made:\n" + admin.Tail);
    }

    private static async Task<(Guid List, Guid Account)> FillAsync(Scratch scratch, string slug, CancellationToken ct)
    {
        var (list, account) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var admin = new NpgsqlConnection(scratch.Options.ConnectionString);
        await admin.OpenAsync(ct);
        await using var command = new NpgsqlCommand($"""
            insert into app.lists (tenant_id, id, name, created_at) select id, '{list}', 'run', now() from ident.tenants where slug = '{slug}';
            insert into app.accounts (tenant_id, id, label, base_address, kind, state, rate, concurrency, batch_size, created_at)
            select id, '{account}', 'Run', 'https://sms.example.test', 'marketing', 'active', 100, 100, 100, now() from ident.tenants where slug = '{slug}';
            """, admin);
        await command.ExecuteNonQueryAsync(ct);
        return (list, account);
    }
}
