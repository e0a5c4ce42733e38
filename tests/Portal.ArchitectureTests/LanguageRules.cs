using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Portal.ArchitectureTests;

/// <summary>Every text exists in both languages, and takes the same values in both; what is counted in English has a word for one of it.</summary>
internal static partial class LanguageRules
{
    private const string Chinese = ".zh-Hans.resx";

    public static IEnumerable<string> Violations(IReadOnlyList<SourceFile> files)
    {
        var byName = files.ToDictionary(f => f.Name, StringComparer.Ordinal);
        foreach (var file in files.Where(f => f.Name.EndsWith(Chinese, StringComparison.Ordinal)))
        {
            if (!byName.ContainsKey(file.Name.Replace(Chinese, ".resx", StringComparison.Ordinal)))
                yield return $"{file.Name}: no English beside it";
        }
        foreach (var english in files.Where(f => !f.Name.EndsWith(Chinese, StringComparison.Ordinal)))
        {
            if (!byName.TryGetValue(english.Name.Replace(".resx", Chinese, StringComparison.Ordinal), out var chinese))
            {
                yield return $"{english.Name}: no Chinese beside it";
            }
            else
            {
                foreach (var difference in Differences(Texts(english), Texts(chinese)))
                    yield return $"{english.Name}: {difference}";
            }
        }
    }

    private static IEnumerable<string> Differences(Dictionary<string, string> english, Dictionary<string, string> chinese)
    {
        foreach (var key in english.Keys.Union(chinese.Keys, StringComparer.Ordinal))
        {
            if (!english.TryGetValue(key, out var one))
                yield return $"{key} is missing in English";
            else if (!chinese.TryGetValue(key, out var other))
                yield return $"{key} is missing in Chinese";
            else if (string.IsNullOrWhiteSpace(one) || string.IsNullOrWhiteSpace(other))
                yield return $"{key} is empty";
            else if (!Places(one).SetEquals(Places(other)))
                yield return $"{key} takes [{string.Join(' ', Places(one))}] in English and [{string.Join(' ', Places(other))}] in Chinese";
            else if (Counted().Match(one) is { Success: true } counted)
                yield return $"{key} says \"{counted.Value}\" of one as well: give it both forms, as in {{0:person|people}}";
        }
    }

    private static Dictionary<string, string> Texts(SourceFile file) =>
        XDocument.Parse(file.Text).Root!.Elements("data")
            .ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")?.Value ?? "", StringComparer.Ordinal);

    // {0} and {0:N0} are the same place: a language may write a number its own way.
    private static HashSet<string> Places(string text) =>
        Place().Matches(text.Replace("{{", "", StringComparison.Ordinal)).Select(m => m.Groups["place"].Value).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"\{(?<place>\w+)[^}]*\}", RegexOptions.None, 1000)]
    private static partial Regex Place();

    [GeneratedRegex(@"\{\w+(:N0)?\} (people|requests|messages|segments|receipts|campaigns|contacts|rows)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Counted();
}
