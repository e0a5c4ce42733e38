using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Contacts;
using Portal.Data;

namespace Portal.Benchmarks.Rig;

/// <summary>What was seen of the wall between tenants.</summary>
/// <param name="Rows">Rows that were read or changed, each looked at for whose it is.</param>
/// <param name="Foreign">Those of them that were another tenant's: must be none.</param>
/// <param name="Wrong">Operations that saw or changed another number of rows than their tenant has: must be none.</param>
/// <param name="Failures">Operations that were ended in their middle on purpose: an error, a cancel, a rollback, a transaction left open.</param>
/// <param name="Connections">Connections of the server that all of it went over.</param>
internal sealed record InterleavingResult(long Operations, long Rows, long Foreign, long Wrong, long Failures, int Connections, TimeSpan Took);

/// <summary>
/// Many tenants at once over few pooled connections: reads and changes, with EF without its filters and with SQL that names no
/// tenant or another one; some end in the middle, so that a connection goes back to the pool as an error leaves it.
/// </summary>
internal sealed class Interleaving(DatabaseOptions database, int tenants)
{
    public const int People = 20;
    private const int Workers = 50;

    private const string Count = "select count(*), count(*) filter (where tenant_id <> $1), pg_backend_pid() from app.contacts";

    private readonly Guid[] _tenants = [.. Enumerable.Range(0, tenants).Select(_ => Guid.CreateVersion7())];
    private readonly ConcurrentDictionary<int, bool> _backends = new();
    private long _operations;
    private long _rows;
    private long _foreign;
    private long _wrong;
    private long _failures;

    /// <summary>Every tenant gets twenty contacts, with the same numbers in all of them.</summary>
    public async Task FillAsync(CancellationToken ct)
    {
        await using var admin = new NpgsqlConnection(database.ConnectionString);
        await admin.OpenAsync(ct);
        await using var command = new NpgsqlCommand("""
            insert into app.contacts (tenant_id, id, number, fields, created_at)
            select t, gen_random_uuid(), (8619800000000 + n)::text, '{}', now() from unnest($1) t, generate_series(1, $2) n
            """, admin) { Parameters = { new() { Value = _tenants }, new() { Value = People } } };
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <param name="each">Operations of every tenant.</param>
    /// <param name="connections">The size of the pool.</param>
    /// <param name="reset">False: the pool resets nothing between borrowers, as no setting of the portal may have it.</param>
    public async Task<InterleavingResult> RunAsync(int each, int connections, bool reset, CancellationToken ct)
    {
        await using var source = Source(connections, reset);
        var start = TimeProvider.System.GetTimestamp();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            // In turn over all tenants: no two operations after another are one tenant's.
            for (int n; (n = Interlocked.Increment(ref next)) < each * _tenants.Length;)
                await OneAsync(source, n, ct);
        }, ct)));
        return new(_operations, _rows, _foreign, _wrong, _failures, _backends.Count, TimeProvider.System.GetElapsedTime(start));
    }

    private async Task OneAsync(NpgsqlDataSource source, int n, CancellationToken ct)
    {
        var scope = new TenantScope(_tenants[n % _tenants.Length]);
        switch (Pick(n, 10, 1))
        {
            case 0 or 1:
                await EntitiesAsync(source, scope, ct);
                break;
            case 2 or 3 or 4 or 5:
                await CountAsync(source, scope, ct);
                break;
            case 6 or 7:
                await ChangeAsync(source, scope, n, ct);
                break;
            case 8:
                await ReachAsync(source, scope, _tenants[(n + 1 + Pick(n, _tenants.Length - 1, 2)) % _tenants.Length], ct);
                break;
            default:
                await FailAsync(source, scope, Pick(n, 4, 3), ct);
                break;
        }
        Interlocked.Increment(ref _operations);
    }

    private async Task EntitiesAsync(NpgsqlDataSource source, TenantScope scope, CancellationToken ct)
    {
        await using var db = new PortalDb(PortalDbFactory.Options(source, scope), scope);
        var rows = await db.Set<Contact>().IgnoreQueryFilters(["tenant"]).AsNoTracking().ToListAsync(ct);
        Saw(rows.Count, rows.Count(r => r.TenantId != scope.TenantId), People);
    }

    private async Task CountAsync(NpgsqlDataSource source, TenantScope scope, CancellationToken ct)
    {
        await using var connection = await OpenAsync(source, scope, ct);
        await CountAsync(connection, scope, ct);
    }

    private async Task CountAsync(NpgsqlConnection connection, TenantScope scope, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Count, connection) { Parameters = { new() { Value = scope.TenantId } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        _backends.TryAdd(reader.GetInt32(2), true);
        Saw(reader.GetInt64(0), reader.GetInt64(1), People);
    }

    // The numbers are the same in every tenant: without the wall it would be one of each.
    private async Task ChangeAsync(NpgsqlDataSource source, TenantScope scope, int n, CancellationToken ct)
    {
        await using var connection = await OpenAsync(source, scope, ct);
        await using var command = new NpgsqlCommand("update app.contacts set fields = fields || '{\"a\":\"b\"}' where number = $1 returning tenant_id", connection)
        {
            Parameters = { new() { Value = (8619800000001 + Pick(n, People, 4)).ToString(System.Globalization.CultureInfo.InvariantCulture) } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var (rows, foreign) = (0, 0);
        while (await reader.ReadAsync(ct))
        {
            rows++;
            foreign += reader.GetGuid(0) == scope.TenantId ? 0 : 1;
        }
        Saw(rows, foreign, 1);
    }

    private async Task ReachAsync(NpgsqlDataSource source, TenantScope scope, Guid other, CancellationToken ct)
    {
        await using var connection = await OpenAsync(source, scope, ct);
        foreach (var sql in (string[])["select count(*) from app.contacts where tenant_id = $1", "with d as (delete from app.contacts where tenant_id = $1 returning 1) select count(*) from d"])
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = other } } };
            var reached = (long)(await command.ExecuteScalarAsync(ct))!;
            Saw(reached, reached, 0);
        }
    }

    private async Task FailAsync(NpgsqlDataSource source, TenantScope scope, int way, CancellationToken ct)
    {
        await using var connection = await OpenAsync(source, scope, ct);
        // A transaction that is neither ended nor left is the pool's to end.
        var transaction = way == 0 ? null : await connection.BeginTransactionAsync(ct);
        await CountAsync(connection, scope, ct);
        try
        {
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(ct);
            if (way == 3)
                cut.CancelAfter(1);
            await using var command = new NpgsqlCommand(way == 3 ? "select pg_sleep(1)" : "select 1 / (random() * 0)::int", connection);
            await command.ExecuteNonQueryAsync(cut.Token);
        }
        catch (Exception e) when (e is PostgresException { SqlState: "22012" } or OperationCanceledException && !ct.IsCancellationRequested)
        {
            Interlocked.Increment(ref _failures);
        }
        if (way == 1)
            await transaction!.RollbackAsync(ct);
    }

    // The same mixture in every run.
    private static int Pick(int n, int of, int salt) => (int)(((ulong)(n + 1) * 0x9E3779B97F4A7C15 >> (salt * 7)) % (ulong)of);

    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, TenantScope scope, CancellationToken ct)
    {
        var connection = await source.OpenConnectionAsync(ct);
        await using var command = scope.Command(connection);
        await command.ExecuteNonQueryAsync(ct);
        return connection;
    }

    private void Saw(long rows, long foreign, long expected)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _foreign, foreign);
        if (rows != expected)
            Interlocked.Increment(ref _wrong);
    }

    private NpgsqlDataSource Source(int connections, bool reset)
    {
        var address = new NpgsqlConnectionStringBuilder(database.For(DatabaseRole.App)) { MaxPoolSize = connections, NoResetOnClose = !reset, MaxAutoPrepare = 64, AutoPrepareMinUsages = 3, Timeout = 60 };
        var builder = new NpgsqlDataSourceBuilder(address.ConnectionString);
        builder.EnableDynamicJson();
        return builder.Build();
    }
}
