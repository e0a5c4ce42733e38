using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Portal.Web.Metrics;

/// <summary>
/// Listens to the meters of the portal and of what it stands on. Keeps of their tags those on a list, whose values are few and
/// say nothing of a person or a company: a tenant's figures are summed up with all others.
/// </summary>
internal sealed class MetricsReader : IDisposable
{
    private static readonly string[] _meters =
    [
        "System.Runtime", "Npgsql", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Diagnostics", "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.Components.Server.Circuits",
    ];

    private static readonly HashSet<string> _tags = new(StringComparer.Ordinal)
    {
        "purpose", "state", "reason",
        "http.route", "http.request.method", "http.response.status_code", "network.protocol.version", "error.type",
        "db.client.connection.state", "db.client.operation.name", "gc.heap.generation", "cpu.mode",
    };

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, MetricSeries> _series = new();
    private readonly Lock _asking = new();

    /// <param name="own">Whose meters are this portal's: another one in the same process has its own.</param>
    public MetricsReader(IMeterFactory own)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Wanted(instrument.Meter.Name) && (instrument.Meter.Scope is not IMeterFactory scope || scope == own))
                listener.EnableMeasurementEvents(instrument, _series.GetOrAdd(instrument, MetricSeries.Of));
        };
        _listener.MeasurementsCompleted = (instrument, _) => _series.TryRemove(instrument, out MetricSeries? _);
        Listen<byte>();
        Listen<short>();
        Listen<int>();
        Listen<long>();
        Listen<float>();
        Listen<double>();
        Listen<decimal>();
    }

    /// <summary>From here on it counts.</summary>
    public void Start() => _listener.Start();

    public string Read()
    {
        lock (_asking)
        {
            foreach (var series in _series.Values)
                series.Forget();
            _listener.RecordObservableInstruments();
            return PrometheusText.Write(_series.Values);
        }
    }

    public void Dispose() => _listener.Dispose();

    private static bool Wanted(string meter) => meter.StartsWith("Portal.", StringComparison.Ordinal) || _meters.Contains(meter);

    private void Listen<T>() where T : struct, IConvertible => _listener.SetMeasurementEventCallback<T>(
        (_, value, tags, state) => ((MetricSeries)state!).Record(Kept(tags), value.ToDouble(CultureInfo.InvariantCulture)));

    private static string Kept(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var kept = "";
        foreach (var (name, value) in tags)
        {
            if (value is not null && _tags.Contains(name))
                kept += (kept.Length > 0 ? "," : "") + PrometheusText.Tag(name, Convert.ToString(value, CultureInfo.InvariantCulture)!);
        }
        return kept;
    }
}
