using System.Globalization;

namespace Portal.Benchmarks.Rig;

/// <summary>The words after the run's name: <c>--numbers 10000 --json</c>.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public bool Json => _values.ContainsKey("json");

    public static Options Parse(string[] words)
    {
        var options = new Options();
        for (var i = 0; i < words.Length; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal))
                throw new OptionException($"'{words[i]}' is no option.");
            var name = words[i][2..];
            options._values[name] = name == "json" ? "" : ++i < words.Length ? words[i] : throw new OptionException($"--{name} needs a value.");
        }
        return options;
    }

    /// <summary>A word, or null.</summary>
    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>A number from 1 on, or the default.</summary>
    public int Number(string name, int or)
    {
        if (!_values.TryGetValue(name, out var text))
            return or;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new OptionException($"--{name} needs a number from 1 on.");
    }
}

internal sealed class OptionException(string message) : Exception(message);
