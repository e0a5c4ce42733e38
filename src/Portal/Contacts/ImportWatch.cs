using Portal.Data;

namespace Portal.Contacts;

/// <summary>Beside a running import: writes how many rows are read, and stops it when its state is no longer running.</summary>
internal sealed class ImportWatch : IAsyncDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(400);

    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _watching;
    private int _rows;

    public ImportWatch(Databases databases, ClaimedImport claim, TimeProvider clock, CancellationToken ct)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _watching = WatchAsync(databases, claim, clock);
    }

    /// <summary>Cancelled when the import is to stop.</summary>
    public CancellationToken Token => _stop.Token;

    public int Rows
    {
        get => Volatile.Read(ref _rows);
        set => Volatile.Write(ref _rows, value);
    }

    /// <summary>Watches no more: from here on the transaction itself writes the import's row.</summary>
    public async Task EndAsync()
    {
        await _ended.CancelAsync();
        await _watching;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _stop.Dispose();
        _ended.Dispose();
    }

    private async Task WatchAsync(Databases databases, ClaimedImport claim, TimeProvider clock)
    {
        using var timer = new PeriodicTimer(_interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                await using var connection = await databases.OpenAsync(DatabaseRole.App, claim.Member.Scope, _ended.Token);
                var running = await connection.ExecuteAsync(
                    "update app.imports set rows = $3 where tenant_id = $1 and id = $2 and state = 'running'", [claim.Member.TenantId, claim.Id, Rows], _ended.Token);
                if (running > 0)
                    continue;
                await _stop.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // the import is over
        }
        catch (Npgsql.NpgsqlException)
        {
            // Progress is a courtesy; the last update in the transaction asks again whether it was cancelled.
        }
    }
}
