using System.Net;
using System.Security.Cryptography;
using Npgsql;
using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Bench;

/// <summary>
/// Whether the time of an answer tells what it does not: a thing of another tenant from one that nobody has, an address that signs in
/// here from one that does not. Both are asked in turn, and the medians and a rank test stand beside each other. That status and page
/// are the same, the tests hold.
/// </summary>
internal static class ForeignBench
{
    private const string Password = "correct horse battery";
    private const double MostMs = 10;

    // Of one place a hundred wrong passwords are looked at: each is of an address of its own.
    private const int People = 45;

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

        var (table, worst, apart) = (new Table("foreign", options.Json), 1.0, false);
        table.Add("requests for each", rounds, "requests");
        foreach (var (name, foreign, unknown) in ((string, Func<string>, Func<string>)[])
        [
            ("another tenant", () => "/t/theirs/campaigns", () => "/t/no-such/campaigns"),
            ("a list of another tenant", () => $"/t/mine/contacts/lists/{list}", () => $"/t/mine/contacts/lists/{Guid.CreateVersion7()}"),
            ("an account of another tenant", () => $"/t/mine/accounts/{account}", () => $"/t/mine/accounts/{Guid.CreateVersion7()}"),
            ("a list under its own tenant's address", () => $"/t/theirs/contacts/lists/{list}", () => $"/t/no-such/contacts/lists/{Guid.CreateVersion7()}"),
        ])
        {
            Judge(name, await AskAsync(session, foreign, unknown, rounds, ct));
        }
        Judge("a wrong password for somebody's address", await WrongAsync(scratch, portal.Address, ct));
        table.Print(worst, "median of a foreign one ÷ of one that nobody has, farthest from 1");
        return apart ? 1 : 0;

        void Judge(string name, (List<double> One, List<double> Other) asked)
        {
            var (one, other) = (RankTest.Median(asked.One), RankTest.Median(asked.Other));
            table.Add($"{name}: median", one, "ms");
            table.Add($"{name}: one that nobody has, median", other, "ms");
            // Of what takes long, a tenth: what a slow hash takes differs by more than ten milliseconds from one time to the next.
            var most = Math.Max(MostMs, other / 10);
            table.Add($"{name}: apart", Math.Abs(one - other), "ms", $"≤ {most:0}");
            table.Add($"{name}: the same, by ranks", RankTest.P(asked.One, asked.Other), "p");
            apart |= Math.Abs(one - other) > most;
            worst = Math.Abs(Math.Log(one / other)) > Math.Abs(Math.Log(worst)) ? one / other : worst;
        }
    }

    private static async Task<(List<double> Known, List<double> Unknown)> WrongAsync(Scratch scratch, string address, CancellationToken ct)
    {
        await using (var admin = new NpgsqlConnection(scratch.Options.ConnectionString))
        {
            await admin.OpenAsync(ct);
            await using var command = new NpgsqlCommand($"""
                insert into ident.users (id, user_name, normalized_user_name, email, normalized_email, email_confirmed, phone_number_confirmed,
                                         two_factor_enabled, lockout_enabled, access_failed_count, display_name, is_operator, password_hash, security_stamp)
                select gen_random_uuid(), n || '@known.test', n || '@KNOWN.TEST', n || '@known.test', n || '@KNOWN.TEST', true, false, false, true, 0, 'Known', false, u.password_hash, u.security_stamp
                from ident.users u, generate_series(0, {People}) n where u.email = 'mine@example.test'
                """, admin);
            await command.ExecuteNonQueryAsync(ct);
        }
        using var session = await WebSession.OpenAsync(address, ct);
        var (known, unknown) = (new List<double>(People), new List<double>(People));
        for (var i = 0; i <= People; i++)
        {
            foreach (var there in RandomNumberGenerator.GetInt32(2) == 0 ? (bool[])[true, false] : [false, true])
            {
                var (status, took) = await session.TryAsync($"{i}@{(there ? "known" : "nowhere")}.test", "not the password at all", ct);
                if (status != HttpStatusCode.OK)
                    throw new InvalidOperationException($"A wrong password is answered {status}.");
                // The first one makes the hash that nobody has.
                if (i > 0)
                    (there ? known : unknown).Add(took.TotalMilliseconds);
            }
        }
        return (known, unknown);
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
