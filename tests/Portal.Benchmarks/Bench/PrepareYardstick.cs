using System.Data;
using Npgsql;
using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Bench;

/// <summary>
/// What the rows of a prepared sending cost without the portal: the table's owner, no row-level security, an empty table
/// of the same columns. Timed one statement at a time.
/// </summary>
internal sealed class PrepareYardstick(Scratch scratch) : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection = new(scratch.Options.ConnectionString);
    private string _copy = "";

    /// <summary>Keeps the sending's messages as plain rows.</summary>
    public async Task KeepAsync(Guid sending, CancellationToken ct)
    {
        await RunAsync($"""
            create table infra.bench_rows as select * from app.messages where sending_id = '{sending}' order by number;
            create table infra.bench_keyed (like app.messages, primary key (tenant_id, month, sending_id, number));
            create table infra.bench_bare (like app.messages);
            analyze infra.bench_rows;
            """, ct);
        _copy = Path.Combine(Path.GetTempPath(), $"portal-bench-{Guid.NewGuid():N}.copy");
        await using var file = File.Create(_copy);
        await using var rows = await _connection.BeginRawBinaryCopyAsync("copy infra.bench_rows to stdout (format binary)", ct);
        await rows.CopyToAsync(file, ct);
    }

    /// <summary>One INSERT … SELECT, sorted, into a table with only its primary key.</summary>
    public async Task<double> InsertAsync(CancellationToken ct)
    {
        await EmptyAsync("infra.bench_keyed", ct);
        return await Clock.TimeAsync(() => RunAsync(
            "insert into infra.bench_keyed select * from infra.bench_rows order by tenant_id, month, sending_id, number", ct));
    }

    /// <summary>A bare COPY into a table without a key.</summary>
    public async Task<double> CopyAsync(CancellationToken ct)
    {
        await EmptyAsync("infra.bench_bare", ct);
        return await Clock.TimeAsync(async () =>
        {
            await using var file = File.OpenRead(_copy);
            await using var rows = await _connection.BeginRawBinaryCopyAsync("copy infra.bench_bare from stdin (format binary)", ct);
            await file.CopyToAsync(rows, ct);
        });
    }

    /// <summary>Takes a sending's rows away again, so that every round begins with empty tables.</summary>
    public Task ForgetAsync(CancellationToken ct) =>
        RunAsync("truncate app.messages, app.batches, app.skips, app.sending_texts, app.attempts", ct);

    /// <summary>Nothing of the last round is still to be written when the next one begins.</summary>
    public Task SettleAsync(CancellationToken ct) => RunAsync("checkpoint", ct);

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(_copy))
            File.Delete(_copy);
        await _connection.DisposeAsync();
    }

    private async Task EmptyAsync(string table, CancellationToken ct)
    {
        await RunAsync($"truncate {table}", ct);
        await SettleAsync(ct);
    }

    private async Task RunAsync(string sql, CancellationToken ct)
    {
        if (_connection.State == ConnectionState.Closed)
            await _connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, _connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
