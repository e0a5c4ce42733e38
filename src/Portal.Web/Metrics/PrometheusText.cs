using System.Globalization;
using System.Text;

namespace Portal.Web.Metrics;

/// <summary>The text form that Prometheus reads, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly Dictionary<string, string> _units = new(StringComparer.Ordinal)
    {
        ["s"] = "_seconds",
        ["ms"] = "_milliseconds",
        ["By"] = "_bytes",
        ["%"] = "_percent",
    };

    public static string NameOf(string name, string? unit, MetricKind kind)
    {
        var text = Clean(name);
        if (_units.TryGetValue(unit ?? "", out var ending) && !text.EndsWith(ending, StringComparison.Ordinal))
            text += ending;
        return kind == MetricKind.Counter && !text.EndsWith("_total", StringComparison.Ordinal) ? text + "_total" : text;
    }

    public static string Tag(string name, string value) => $"{Clean(name)}=\"{Escape(value).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>One block a name: two meters of one name, as of two instances in a process, are one metric.</summary>
    public static string Write(IEnumerable<MetricSeries> all)
    {
        var text = new StringBuilder();
        foreach (var group in all.GroupBy(s => s.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var first = group.First();
            var points = group.Where(s => s.Kind == first.Kind && s.Bounds.SequenceEqual(first.Bounds)).SelectMany(s => s.Read())
                .GroupBy(p => p.Tags, StringComparer.Ordinal).Select(Sum).ToList();
            if (points.Count == 0)
                continue;
            text.Append("# HELP ").Append(first.Name).Append(' ').Append(Escape(first.Help)).Append('\n');
            text.Append("# TYPE ").Append(first.Name).Append(' ').Append(Word(first.Kind)).Append('\n');
            foreach (var point in points)
                Write(text, first, point);
        }
        return text.ToString();
    }

    private static MetricPoint Sum(IGrouping<string, MetricPoint> same) => same.Aggregate((a, b) =>
        new(a.Tags, a.Sum + b.Sum, a.Count + b.Count, [.. a.Below.Zip(b.Below, (x, y) => x + y)]));

    private static void Write(StringBuilder text, MetricSeries series, MetricPoint point)
    {
        if (series.Kind != MetricKind.Histogram)
        {
            Line(text, series.Name, point.Tags, point.Sum);
            return;
        }
        for (var i = 0; i < series.Bounds.Length; i++)
            Line(text, series.Name + "_bucket", With(point.Tags, Number(series.Bounds[i])), point.Below[i]);
        Line(text, series.Name + "_bucket", With(point.Tags, "+Inf"), point.Count);
        Line(text, series.Name + "_sum", point.Tags, point.Sum);
        Line(text, series.Name + "_count", point.Tags, point.Count);
    }

    private static string With(string tags, string bound) => $"{tags}{(tags.Length > 0 ? "," : "")}le=\"{bound}\"";

    private static void Line(StringBuilder text, string name, string tags, double value)
    {
        text.Append(name);
        if (tags.Length > 0)
            text.Append('{').Append(tags).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Word(MetricKind kind) => kind switch { MetricKind.Counter => "counter", MetricKind.Histogram => "histogram", _ => "gauge" };

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Clean(string name) => string.Concat(name.Select((c, i) => char.IsAsciiLetter(c) || c == '_' || (i > 0 && char.IsAsciiDigit(c)) ? c : '_'));

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
