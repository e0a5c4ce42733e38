using System.Collections.Concurrent;
using System.Data;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Npgsql;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>How far an export is. Its page may ask while another connection writes it.</summary>
public sealed class ExportRun : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private long _rows;

    public int Tables { get; internal set; }

    public int Done { get; internal set; }

    public long Rows => Interlocked.Read(ref _rows);

    internal CancellationToken Cancelled => _cancel.Token;

    public void Cancel() => _cancel.Cancel();

    public void Dispose() => _cancel.Dispose();

    internal void Count() => Interlocked.Increment(ref _rows);
}

/// <summary>The exports that run on this instance: one a person and tenant.</summary>
public sealed class ExportRuns
{
    private readonly ConcurrentDictionary<(Guid Tenant, Guid User), ExportRun> _runs = new();

    public ExportRun? Of(Member member) => _runs.GetValueOrDefault((member.TenantId, member.UserId));

    internal bool TryBegin(Member member, ExportRun run) => _runs.TryAdd((member.TenantId, member.UserId), run);

    internal void End(Member member) => _runs.TryRemove((member.TenantId, member.UserId), out _);
}

/// <summary>
/// Everything that a tenant has here, as a zip of JSON lines, one file a table, as of one moment (role Owner, confirmed). Written
/// straight to whoever asked, so that no copy of it lies anywhere. What the pages' role cannot read is not in it: no key pair,
/// no key.
/// </summary>
public sealed class ExportTenant(Databases databases, PortalDbFactory dbs, Team team, ExportRuns runs, TimeProvider clock)
{
    private const string Tables = """
        select c.relname from pg_class c
        where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and has_table_privilege(c.oid, 'select')
        order by c.relname
        """;

    /// <summary>False: this person's last one is not over.</summary>
    public async Task<bool> RunAsync(Member member, Func<Stream> open, CancellationToken ct)
    {
        member.DemandConfirmed(MemberRole.Owner);
        using var run = new ExportRun();
        if (!runs.TryBegin(member, run))
            return false;
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, run.Cancelled);
            await NoteAsync(member, either.Token);
            await WriteAsync(member, new LateWrites(open()), run, either.Token);
            return true;
        }
        finally
        {
            runs.End(member);
        }
    }

    private async Task NoteAsync(Member member, CancellationToken ct)
    {
        await using var db = dbs.Create(member.Scope);
        db.Add(member.Changed(AuditActions.DataExported, clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
    }

    private async Task WriteAsync(Member member, Stream stream, ExportRun run, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var tables = await NamesAsync(connection, ct);
        run.Tables = tables.Count + 1;
        // Only a whole one gets the end that makes a zip of it: cut short, it is not disposed.
        var zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, ct);
        var people = await team.RunAsync(member, ct);
        await using (var entry = await zip.CreateEntry("team.json").OpenAsync(ct))
            await JsonSerializer.SerializeAsync(entry, people, TeamJson.Default.TeamView, ct);
        run.Done = 1;
        foreach (var table in tables)
        {
            await using var entry = await zip.CreateEntry(table + ".jsonl").OpenAsync(ct);
            await TableAsync(connection, table, entry, run, ct);
            run.Done++;
        }
        await zip.DisposeAsync();
        await stream.FlushAsync(ct);
    }

    private static async Task<List<string>> NamesAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var names = new List<string>();
        await using var command = new NpgsqlCommand(Tables, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            names.Add(reader.GetString(0));
        return names;
    }

    private static async Task TableAsync(NpgsqlConnection connection, string table, Stream entry, ExportRun run, CancellationToken ct)
    {
        // The name comes from the catalogue.
        await using var command = new NpgsqlCommand($"select row_to_json(x)::text from app.\"{table}\" x where x.tenant_id = app.current_tenant()", connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, ct);
        await using var writer = new StreamWriter(entry, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        while (await reader.ReadAsync(ct))
        {
            await writer.WriteLineAsync(reader.GetString(0).AsMemory(), ct);
            run.Count();
        }
    }
}

[System.Text.Json.Serialization.JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[System.Text.Json.Serialization.JsonSerializable(typeof(TeamView))]
internal sealed partial class TeamJson : System.Text.Json.Serialization.JsonSerializerContext;
