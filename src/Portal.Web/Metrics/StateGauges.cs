using System.Diagnostics.Metrics;
using Npgsql;
using Portal.Dispatch;
using Portal.Receipts;

namespace Portal.Web.Metrics;

/// <summary>
/// How receipts and sending stand, asked of the database when somebody reads the metrics. Nothing of a tenant. What the database
/// does not answer in time stands in no line: an old figure would look like a good one.
/// </summary>
internal sealed class StateGauges : IDisposable
{
    private const string MeterName = "Portal.State";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    // All that is parked is counted: not more often, however many read.
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(5);

    private readonly ReceiptBacklog _backlog;
    private readonly AskDispatchHold _hold;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _asking = new(1);
    private long? _askedAt;
    private volatile State? _state;

    public StateGauges(IMeterFactory meters, ReceiptBacklog backlog, AskDispatchHold hold, TimeProvider clock, ReceiptInbox? inbox = null)
    {
        (_backlog, _hold, _clock) = (backlog, hold, clock);
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("portal.receipts.lag", () => Of(_state?.Receipts.Lag.TotalSeconds), "s", "How long the oldest receipt waits to be applied.");
        meter.CreateObservableGauge("portal.receipts.parked", () => Of(_state?.Receipts.Parked), "{receipt}", "Receipts that match nothing yet.");
        meter.CreateObservableGauge("portal.dispatch.held", () => Of(_state?.Held), "1", "1: nothing is sent, after a restore or because of the store outside the database.");
        if (inbox is not null)
            meter.CreateObservableGauge("portal.receipts.spooled", () => inbox.Spooled, "By", "Receipts on this instance's disk that wait for the database.");
    }

    public async Task RefreshAsync(CancellationToken ct)
    {
        await _asking.WaitAsync(ct);
        try
        {
            if (_askedAt is { } at && _clock.GetElapsedTime(at) < _every)
                return;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(_patience);
            _state = new(await _backlog.RunAsync(limit.Token), await _hold(limit.Token) is null ? 0 : 1);
            _askedAt = _clock.GetTimestamp();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            // The lines that are missing tell.
            _state = null;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private static IEnumerable<Measurement<T>> Of<T>(T? value) where T : struct => value is { } known ? [new(known)] : [];

    private sealed record State(ReceiptBacklogNow Receipts, int Held);
}
