using System.Diagnostics.Metrics;

namespace Portal.Web.Metrics;

/// <summary>What an instrument measured, by the tags that are kept. Safe to be used by many at once.</summary>
internal sealed class MetricSeries
{
    // Where an instrument gives no advice: seconds from a millisecond to a minute.
    private static readonly double[] _seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Point> _points = new(StringComparer.Ordinal);

    private MetricSeries(Instrument instrument, MetricKind kind, bool observed, double[] bounds)
    {
        (Kind, Observed, Bounds, Help, Meter) = (kind, observed, bounds, instrument.Description ?? "", instrument.Meter.Name);
        Name = PrometheusText.NameOf(instrument.Name, instrument.Unit, kind);
    }

    public string Name { get; }

    public string Meter { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    public double[] Bounds { get; }

    private bool Observed { get; }

    public static MetricSeries Of(Instrument instrument)
    {
        var type = instrument.GetType().IsGenericType ? instrument.GetType().GetGenericTypeDefinition() : null;
        var kind = type == typeof(Histogram<>) ? MetricKind.Histogram
            : type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter
            : type == typeof(Gauge<>) ? MetricKind.Last
            : MetricKind.Gauge;
        return new(instrument, kind, instrument.IsObservable, kind == MetricKind.Histogram ? Advice(instrument) ?? _seconds : []);
    }

    public void Record(string tags, double value)
    {
        lock (_gate)
        {
            if (!_points.TryGetValue(tags, out var point))
                _points[tags] = point = new(new long[Bounds.Length]);
            point.Count++;
            point.Sum = Kind == MetricKind.Last ? value : point.Sum + value;
            for (var i = 0; i < Bounds.Length; i++)
            {
                if (value <= Bounds[i])
                    point.Below[i]++;
            }
        }
    }

    /// <summary>Instruments that are asked tell the whole each time.</summary>
    public void Forget()
    {
        if (!Observed)
            return;
        lock (_gate)
            _points.Clear();
    }

    public IReadOnlyList<MetricPoint> Read()
    {
        lock (_gate)
            return [.. _points.Select(p => new MetricPoint(p.Key, p.Value.Sum, p.Value.Count, [.. p.Value.Below]))];
    }

    private static double[]? Advice(Instrument instrument) => instrument switch
    {
        Histogram<double> h => h.Advice?.HistogramBucketBoundaries?.ToArray(),
        Histogram<long> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b).ToArray(),
        Histogram<int> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b).ToArray(),
        _ => null,
    };

    private sealed class Point(long[] below)
    {
        public double Sum;
        public long Count;

        public long[] Below => below;
    }
}

internal enum MetricKind { Counter, Gauge, Last, Histogram }

/// <param name="Tags">As they stand between the braces.</param>
/// <param name="Below">For each bound, how many values were not above it.</param>
internal sealed record MetricPoint(string Tags, double Sum, long Count, long[] Below);
