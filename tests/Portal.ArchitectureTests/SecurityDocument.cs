using System.Text.RegularExpressions;

namespace Portal.ArchitectureTests;

/// <summary>docs/security.md, as the tests read it: what it writes down about the code must be what the code does.</summary>
internal static partial class SecurityDocument
{
    public static string Path { get; } = Checkout.PathOf("docs/security.md");

    /// <summary>The rows of the table below a heading, without its head: cells without back ticks.</summary>
    public static IReadOnlyList<string[]> Table(string heading) => Table(File.ReadAllText(Path), heading);

    public static IReadOnlyList<string[]> Table(string text, string heading)
    {
        var lines = text.Split('\n').SkipWhile(l => l.TrimStart('#', ' ') != heading || !l.StartsWith('#')).Skip(1)
            .TakeWhile(l => !l.StartsWith('#')).Where(l => l.StartsWith("| ", StringComparison.Ordinal));
        return [.. lines.Skip(1).Select(l => l.Trim('|', ' ').Split(" | ").Select(c => c.Replace("`", "", StringComparison.Ordinal).Trim()).ToArray())];
    }

    /// <summary>What a table names by its file: every file that does it must be there, and nothing else.</summary>
    /// <param name="written">Names of files, the first word of each row.</param>
    /// <param name="files">Where it is looked for.</param>
    /// <param name="does">What the file must have.</param>
    public static IEnumerable<string> Differences(IEnumerable<string> written, IEnumerable<SourceFile> files, Regex does)
    {
        var names = written.SelectMany(w => w.Split(',', StringSplitOptions.TrimEntries)).ToHashSet(StringComparer.Ordinal);
        var found = files.Where(f => does.IsMatch(Code(f.Text))).Select(f => System.IO.Path.GetFileName(f.Name)).ToHashSet(StringComparer.Ordinal);
        return found.Except(names, StringComparer.Ordinal).Select(f => $"{f} is not written down in docs/security.md")
            .Concat(names.Except(found, StringComparer.Ordinal).Select(n => $"{n} is written down in docs/security.md and does no such thing"));
    }

    /// <summary>Without comments: what is only spoken of is not done.</summary>
    public static string Code(string text) => Comment().Replace(text, "");

    [GeneratedRegex(@"(?<!:)//.*$", RegexOptions.Multiline, 1000)]
    private static partial Regex Comment();
}
