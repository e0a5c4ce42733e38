using System.Globalization;
using System.Text.Json;

namespace Portal.Benchmarks.Bench;

/// <summary>What a bench measured: a table for people, line by line as it is known, or with <c>--json</c> one object whose last key is <c>ratio</c>.</summary>
internal sealed class Table(string bench, bool json)
{
    private readonly List<(string Name, double Value, string Unit)> _lines = [];

    public void Add(string name, double value, string unit, string? goal = null)
    {
        _lines.Add((name, value, unit));
        if (!json)
            Console.WriteLine($"  {name,-66} {Number(value),12} {unit,-12} {goal}");
    }

    /// <param name="ratio">The bench's one figure: ours against its yardstick in the same run; null: that part did not run.</param>
    /// <param name="what">What it is a ratio of.</param>
    public void Print(double? ratio, string what)
    {
        if (json)
        {
            using var stream = Console.OpenStandardOutput();
            using var writer = new Utf8JsonWriter(stream, new() { Indented = true });
            writer.WriteStartObject();
            writer.WriteString("bench", bench);
            foreach (var (name, value, unit) in _lines)
                writer.WriteNumber($"{name} ({unit})", Math.Round(value, 4));
            if (ratio is { } known)
                writer.WriteNumber("ratio", Math.Round(known, 4));
            else
                writer.WriteNull("ratio");
            writer.WriteEndObject();
            return;
        }
        if (ratio is { } measured)
            Console.WriteLine($"  {"ratio: " + what,-66} {Number(measured),12}");
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "N0" : "0.0##", CultureInfo.InvariantCulture);
}
