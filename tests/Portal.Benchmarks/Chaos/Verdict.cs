using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Benchmarks.Chaos;

/// <summary>A run's equations, and whether each holds.</summary>
internal sealed class Verdict(string run)
{
    private readonly List<Line> _lines = [];

    public bool Holds => _lines.TrueForAll(l => l.Holds);

    public void Figure(string name, long value) => _lines.Add(new Line(name, value, null, true));

    /// <summary>A figure with its bound: equal to it, or with <paramref name="atMost"/> not above it.</summary>
    public void Must(string name, long value, long bound, bool atMost = false) =>
        _lines.Add(new Line(name, value, (atMost ? "at most " : "must be ") + bound, atMost ? value <= bound : value == bound));

    /// <summary>Prints the figures and answers the exit code.</summary>
    public int Print(bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new VerdictJson(run, Holds, _lines.ToDictionary(l => l.Name, l => l.Value)), VerdictContext.Default.VerdictJson));
            return Holds ? 0 : 1;
        }
        foreach (var line in _lines)
            Console.WriteLine($"{(line.Holds ? "  " : "✗ ")}{line.Name,-58} {line.Value,10:N0}   {line.Bound}");
        Console.WriteLine(Holds ? $"{run}: every promise was kept." : $"{run}: a promise was BROKEN.");
        return Holds ? 0 : 1;
    }

    private sealed record Line(string Name, long Value, string? Bound, bool Holds);
}

internal sealed record VerdictJson(string Run, bool Holds, Dictionary<string, long> Figures);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VerdictJson))]
internal sealed partial class VerdictContext : JsonSerializerContext;
