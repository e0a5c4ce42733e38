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
    private const int MostWritten = 1000;

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
    private readonly ConcurrentDictionary<int, Written> _written = new();
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

    /// <summary>The tags that are kept, as they are written. Each request is measured several times: what was written once is not put together again.</summary>
    private string Kept(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = new HashCode();
        foreach (var tag in tags)
        {
            if (IsKept(tag))
            {
                hash.Add(tag.Key);
                hash.Add(tag.Value);
            }
        }
        var key = hash.ToHashCode();
        if (_written.TryGetValue(key, out var known) && known.IsOf(tags))
            return known.Text;
        var written = Written.Of(tags);
        if (_written.Count < MostWritten)
            _written[key] = written;
        return written.Text;
    }

    private static bool IsKept(KeyValuePair<string, object?> tag) => tag.Value is not null && _tags.Contains(tag.Key);

    /// <summary>Kept tags, and their text.</summary>
    private sealed record Written(KeyValuePair<string, object?>[] Tags, string Text)
    {
        public static Written Of(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            KeyValuePair<string, object?>[] kept = [.. tags.ToArray().Where(IsKept)];
            return new(kept, string.Join(',', kept.Select(t => PrometheusText.Tag(t.Key, Convert.ToString(t.Value, CultureInfo.InvariantCulture)!))));
        }

        public bool IsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var at = 0;
            foreach (var tag in tags)
            {
                if (!IsKept(tag))
                    continue;
                if (at == Tags.Length || Tags[at].Key != tag.Key || !tag.Value!.Equals(Tags[at].Value))
                    return false;
                at++;
            }
            return at == Tags.Length;
        }
    }
}
