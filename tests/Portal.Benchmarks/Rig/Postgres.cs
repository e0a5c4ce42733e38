using System.Diagnostics;
using Npgsql;
using Portal.Data;

namespace Portal.Benchmarks.Rig;

internal enum Hit { Nothing, Idle, InCommit }

/// <summary>The server of the run, which a run may take away. It was started for this run by ./portal chaos.</summary>
internal sealed class Postgres
{
    private const int Looks = 200;

    private readonly string _bin = Scratch.Required("PORTAL_PG_BIN");
    private readonly string _data = Scratch.Required("PORTAL_PG_DATA");
    private readonly string _user = Scratch.Required("PORTAL_PG_USER");

    /// <summary>No checkpoint, no goodbye: it recovers from its log at the next start.</summary>
    public Task StopAtOnceAsync(CancellationToken ct) => ControlAsync(["-m", "immediate", "stop"], ct);

    public Task StartAsync(CancellationToken ct) => ControlAsync(["-l", "/dev/null", "-t", "60", "start"], ct);

    /// <summary>Ends one connection of the dispatch role: one that writes its commit to the log where one is found, else one that works, else any.</summary>
    public static async Task<Hit> EndConnectionAsync(Scratch scratch, CancellationToken ct)
    {
        await using var admin = new NpgsqlConnection(scratch.Options.ConnectionString + ";Pooling=false");
        await admin.OpenAsync(ct);
        for (var look = 1; look <= Looks; look++)
        {
            await using var command = new NpgsqlCommand("""
                with victim as (
                    select pid, state = 'active' and wait_event in ('WalSync', 'WALSync', 'WalWrite', 'WALWrite', 'WALWriteLock') as commits
                    from pg_stat_activity where usename = $1 and datname = current_database()
                      and ($2 or (state = 'active' and wait_event in ('WalSync', 'WALSync', 'WalWrite', 'WALWrite', 'WALWriteLock')))
                    order by 2 desc nulls last, state = 'active' desc limit 1)
                select coalesce(commits, false) from victim where pg_terminate_backend(pid)
                """, admin);
            command.Parameters.Add(new() { Value = DatabaseOptions.RoleName(DatabaseRole.Dispatch) });
            command.Parameters.Add(new() { Value = look == Looks });
            if (await command.ExecuteScalarAsync(ct) is bool commits)
                return commits ? Hit.InCommit : Hit.Idle;
        }
        return Hit.Nothing;
    }

    private async Task ControlAsync(string[] words, CancellationToken ct)
    {
        // The server refuses to run as root.
        string[] command = _user == Environment.UserName ? [] : ["runuser", "-u", _user, "--"];
        command = [.. command, "env", "LC_ALL=C.UTF-8", Path.Combine(_bin, "pg_ctl"), "-D", _data, "-s", "-w", .. words];
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = "/" })
            ?? throw new InvalidOperationException("pg_ctl does not start.");
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"pg_ctl {words[^1]} failed.");
    }
}
