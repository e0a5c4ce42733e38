using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Bench;

/// <summary>PostgreSQL's own bench on the same cluster: the yardstick.</summary>
internal static class PgBench
{
    /// <summary>Single-row UPDATE by key, prepared: the better of 16 and 64 clients, in transactions a second.</summary>
    public static async Task<double> UpdatesAsync(Scratch scratch, int seconds, CancellationToken ct)
    {
        await using (var connection = new NpgsqlConnection(scratch.Options.ConnectionString))
        {
            await connection.OpenAsync(ct);
            await using var make = new NpgsqlCommand(
                "create table if not exists public.yardstick as select n as id, 0 as counter from generate_series(1, 10000) n; alter table public.yardstick add primary key (id)", connection);
            await make.ExecuteNonQueryAsync(ct);
        }
        var best = 0.0;
        foreach (var clients in (int[])[16, 64])
            best = Math.Max(best, await RunAsync(scratch, "\\set id random(1, 10000)\nupdate public.yardstick set counter = counter + 1 where id = :id;\n", clients, seconds, ct));
        return best;
    }

    /// <summary>Single-row INSERT of a receipt into the inbox itself, prepared: the better of 16 and 64 clients, in transactions a second.</summary>
    public static async Task<double> ReceiptsAsync(Scratch scratch, string body, int seconds, CancellationToken ct)
    {
        var best = 0.0;
        foreach (var clients in (int[])[16, 64])
            best = Math.Max(best, await RunAsync(scratch, $"insert into infra.receipt_inbox (source, token, body) values ('127.0.0.1', null, '{body}') on conflict do nothing;\n", clients, seconds, ct));
        return best;
    }

    private static async Task<double> RunAsync(Scratch scratch, string script, int clients, int seconds, CancellationToken ct)
    {
        var address = new NpgsqlConnectionStringBuilder(scratch.Options.ConnectionString);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, script, ct);
        try
        {
            var start = new ProcessStartInfo(Path.Combine(Scratch.Required("PORTAL_PG_BIN"), "pgbench")) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var word in (string[])["-n", "-M", "prepared", "-c", Text(clients), "-j", "2", "-T", Text(seconds), "-f", file, "-h", address.Host!, "-p", Text(address.Port), "-U", address.Username!, address.Database!])
                start.ArgumentList.Add(word);
            start.Environment["PGPASSWORD"] = address.Password;
            using var process = Process.Start(start) ?? throw new InvalidOperationException("pgbench does not start.");
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
            await process.WaitForExitAsync(ct);
            var found = Regex.Match(await output, @"tps = (?<tps>[0-9.]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
            return found.Success
                ? double.Parse(found.Groups["tps"].Value, CultureInfo.InvariantCulture)
                : throw new InvalidOperationException("pgbench says nothing: " + await errors);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
