using System.Text.RegularExpressions;

namespace Portal.ArchitectureTests;

/// <summary>What can be said of the container files without a container engine.</summary>
internal static partial class DockerRules
{
    /// <summary>Sources of COPY that the build would not find.</summary>
    public static IEnumerable<string> MissingSources(string dockerfile, Func<string, bool> exists) =>
        from line in Instructions(dockerfile, "COPY")
        let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where !words[0].StartsWith("--from", StringComparison.Ordinal)
        from source in words[..^1]
        where !exists(source)
        select source;

    /// <summary>Project files that a restore needs and no COPY brings before it.</summary>
    public static IEnumerable<string> ProjectsNotCopied(string dockerfile, IEnumerable<string> projectFiles)
    {
        var before = dockerfile.Split("RUN dotnet restore")[0];
        return projectFiles.Where(p => !Instructions(before, "COPY").Any(line => line.Split(' ')[0] == p));
    }

    /// <summary>Stages that somebody runs (they have an entry point) as root.</summary>
    public static IEnumerable<string> StagesAsRoot(string dockerfile)
    {
        var users = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match stage in Stage().Matches(dockerfile))
        {
            var (name, body) = (stage.Groups["name"].Value, stage.Groups["body"].Value);
            users[name] = Instructions(body, "USER").LastOrDefault() ?? users.GetValueOrDefault(stage.Groups["from"].Value, "root");
            if (Instructions(body, "ENTRYPOINT").Any() && users[name] is "root" or "0")
                yield return name;
        }
    }

    /// <summary>Images without a version: another day they are another program.</summary>
    public static IEnumerable<string> ImagesWithoutVersion(string dockerfile, string compose)
    {
        var stages = Stage().Matches(dockerfile).Select(m => m.Groups["name"].Value);
        var built = Built().Matches(compose).Select(m => m.Groups["image"].Value);
        return Stage().Matches(dockerfile).Select(m => m.Groups["from"].Value)
            .Concat(Image().Matches(compose).Select(m => m.Groups["image"].Value))
            .Except(stages.Concat(built), StringComparer.Ordinal)
            .Where(image => !Version().IsMatch(image));
    }

    /// <summary>Names one level below a top-level key of a compose file: <c>services</c>, <c>secrets</c>.</summary>
    public static IReadOnlyList<string> Names(string compose, string key) =>
        [.. Name().Matches(Section(compose, key)).Select(m => m.Groups["name"].Value)];

    /// <summary>The text of one service, with what it takes over from an anchor.</summary>
    public static string Service(string compose, string name)
    {
        var lines = Section(compose, "services").Split('\n').SkipWhile(l => !l.StartsWith($"  {name}:", StringComparison.Ordinal)).ToList();
        var own = string.Join('\n', lines.Take(1).Concat(lines.Skip(1).TakeWhile(l => l.Length == 0 || l.StartsWith("   ", StringComparison.Ordinal))));
        var anchor = Anchor().Match(lines.FirstOrDefault() ?? "");
        return anchor.Success ? Section(compose, $"x-{anchor.Groups["name"].Value}") + own : own;
    }

    private static string Section(string compose, string key)
    {
        var lines = compose.Split('\n').SkipWhile(l => !l.StartsWith(key + ":", StringComparison.Ordinal)).Skip(1);
        return string.Join('\n', lines.TakeWhile(l => l.Length == 0 || l[0] is ' ' or '#')) + "\n";
    }

    private static IEnumerable<string> Instructions(string dockerfile, string word) =>
        dockerfile.Split('\n').Where(l => l.StartsWith(word + " ", StringComparison.Ordinal)).Select(l => l[(word.Length + 1)..].Trim());

    [GeneratedRegex(@"^FROM (?<from>\S+) AS (?<name>\S+)\n(?<body>.*?)(?=^FROM |\z)", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Stage();

    [GeneratedRegex(@"^ +image: (?<image>\S+)$", RegexOptions.Multiline, 1000)]
    private static partial Regex Image();

    [GeneratedRegex(@"^ +image: (?<image>\S+)\n +build:", RegexOptions.Multiline, 1000)]
    private static partial Regex Built();

    [GeneratedRegex(@":\d[\w.-]*$", RegexOptions.None, 1000)]
    private static partial Regex Version();

    [GeneratedRegex(@"^  (?<name>[\w.-]+):", RegexOptions.Multiline, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"\*(?<name>\w+)$", RegexOptions.None, 1000)]
    private static partial Regex Anchor();
}
