using System.Text.RegularExpressions;

namespace Portal.ArchitectureTests;

/// <summary>What must not stand in a source file.</summary>
internal static partial class TextRules
{
    /// <summary>A standard handler sends again by itself: a second request could be a second message.</summary>
    public static IEnumerable<string> SelfMadeRetries(IEnumerable<SourceFile> files) => Find(files, "AddStandardResilienceHandler", "AddStandardHedgingHandler");

    /// <summary>
    /// Markup from a string is a way in for other people's markup: in our own code, in MudBlazor's parts that render what they are
    /// given as it is (a highlighter, a chart's labels, an icon, a message), and in scripts.
    /// </summary>
    public static IEnumerable<string> RawMarkup(IEnumerable<SourceFile> files) =>
        Find(files, "MarkupString", "AddMarkupContent", "MudHighlighter", "MudChart", "MudTimeSeriesChart", "MarkupMessage", "innerHTML", "outerHTML", "insertAdjacentHTML",
                "document.write", "createContextualFragment", "setHTMLUnsafe", "eval(", "new Function")
            .Concat(from file in files
                    from found in MadeIcon().Matches(file.Text)
                    select $"{file.Name}: {found.Value}");

    /// <summary>A file for a spreadsheet is written by the one that computes nothing.</summary>
    public static IEnumerable<string> UnsafeExports(IEnumerable<SourceFile> files) =>
        from file in files
        where (file.Text.Contains("text/csv", StringComparison.Ordinal) || file.Text.Contains("spreadsheetml", StringComparison.Ordinal) || file.Text.Contains("CsvDataWriter", StringComparison.Ordinal))
              && !file.Text.Contains("new SafeCsv(", StringComparison.Ordinal) && !file.Text.Contains("type=\"file\"", StringComparison.Ordinal)
        select $"{file.Name}: writes a table without SafeCsv";

    /// <summary>Only a change of the root key, and what looks whether it is done, go over the wrapped keys of all tenants.</summary>
    public static IEnumerable<string> KeysOfAllTenants(IEnumerable<SourceFile> files) =>
        Find(files.Where(f => Path.GetFileName(f.Name) is not ("TenantKeyRows.cs" or "RewrapKeys.cs" or "VaultStatus.cs")), "app.rewrap", "TenantKeyRows");

    /// <summary>
    /// A page that works on something takes no second press meanwhile: presses come faster than what disables the button. Whoever says
    /// that it is busy asks first whether it is.
    /// </summary>
    public static IEnumerable<string> SecondPresses(IEnumerable<SourceFile> files) =>
        from file in files
        from method in MethodStart().Split(file.Text)
        let begin = Begins().Match(method)
        where begin.Success && !Asks().IsMatch(method[..begin.Index])
        select $"{file.Name}: {method.Split('\n')[0].Trim()}";

    /// <summary>Words that a person reads and no language file knows: text of several words, or any Chinese, in a component.</summary>
    public static IEnumerable<string> LiteralTexts(IEnumerable<SourceFile> files)
    {
        foreach (var file in files)
        {
            var markup = Unread().Replace(file.Text, "");
            foreach (var found in Text().Matches(markup).Concat(Attribute().Matches(markup)).Concat(Chinese().Matches(markup)))
                yield return $"{file.Name}: {(found.Groups["words"].Success ? found.Groups["words"] : found).Value.Trim()}";
        }
    }

    private static IEnumerable<string> Find(IEnumerable<SourceFile> files, params string[] words) =>
        from file in files
        from word in words
        where file.Text.Contains(word, StringComparison.Ordinal)
        select $"{file.Name}: {word}";

    [GeneratedRegex(@"(?=^    (?:private|protected|public|internal) )", RegexOptions.Multiline, 1000)]
    private static partial Regex MethodStart();

    [GeneratedRegex(@"^\s*(?:_busy = true;|\(_busy, \w+\) = \(true\b)", RegexOptions.Multiline, 1000)]
    private static partial Regex Begins();

    [GeneratedRegex(@"if \(_(?:busy|starting)(?: \|\|.*)?\)\s+return\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Asks();

    // An icon of MudBlazor's is SVG, rendered as it is: only its own constants. (StatusChip is ours and shows a glyph as text.)
    [GeneratedRegex(@"<Mud\w+[^>]*?\b(?:\w*Icon)=""(?!@?(?:\()?Icons\.)[^""]*@[^""]*""", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MadeIcon();

    // Comments, style and script; and everything from @code on, which is C#.
    [GeneratedRegex("""@\*.*?\*@|<!--.*?-->|<style\b.*?</style>|<script\b.*?</script>|^@code\b.*""", RegexOptions.Singleline | RegexOptions.Multiline, 1000)]
    private static partial Regex Unread();

    // Text after a tag, up to the next: two words at least. C# between tags gives itself away by its signs.
    [GeneratedRegex("""(?<![=\-\s])>(?<words>[^<>@(){};=]*\p{L}{2,}[ ,:.!?]+\p{L}{2,}[^<>@(){};=]*)<""", RegexOptions.None, 1000)]
    private static partial Regex Text();

    [GeneratedRegex(@"\b(Label|Text|Title|Placeholder|HelperText|Caption|title|placeholder|alt|aria-label)=""(?<words>[^""@]*\p{L}{2,} +\p{L}{2,}[^""@]*)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Attribute();

    [GeneratedRegex("""[^\s<>"]*\p{IsCJKUnifiedIdeographs}[^<>"]*""", RegexOptions.None, 1000)]
    private static partial Regex Chinese();
}
