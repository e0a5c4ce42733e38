using System.Text;

namespace Portal.Templates;

/// <summary>
/// A text with <c>{{field}}</c> places. Names do not mind case or blanks around them. What is filled in is never read
/// for places again.
/// </summary>
public sealed class TemplateText
{
    private TemplateText(string text, IReadOnlyList<TemplatePart> parts)
    {
        (Text, Parts) = (text, parts);
        Fields = [.. parts.Where(p => p.IsField).Select(p => p.Value).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The text as it was written.</summary>
    public string Text { get; }

    /// <summary>The text cut into literals and places, in order; no two literals stand beside each other and none is empty.</summary>
    public IReadOnlyList<TemplatePart> Parts { get; }

    /// <summary>The fields that the text asks for: normal forms, each once, in the order of their first places.</summary>
    public IReadOnlyList<string> Fields { get; }

    /// <summary>
    /// Reads a text. Refused with a problem of field <c>Text</c> for each mistake, whose first value is the place of the
    /// mistake, in characters from 1: <c>template_unclosed</c> (<c>{{</c> without <c>}}</c>), <c>template_bad_field</c>
    /// (no name between the braces; the second value is what stands there), <c>template_stray_close</c> (<c>}}</c> without
    /// <c>{{</c>), <c>template_wide_braces</c> (full-width braces, which would be sent as they are).
    /// </summary>
    public static Result<TemplateText> Parse(string text)
    {
        var reader = new TemplateReader(text);
        reader.Read();
        return reader.Problems.Count > 0 ? reader.Problems : new TemplateText(text, reader.Parts);
    }

    /// <summary>Fills the places.</summary>
    /// <param name="fields">Values by normal name. A blank value counts as missing: it would leave a hole in the sentence.</param>
    public RenderedText Render(IReadOnlyDictionary<string, string> fields)
    {
        var missing = Fields.Where(f => !fields.TryGetValue(f, out var value) || string.IsNullOrWhiteSpace(value)).ToList();
        if (missing.Count > 0)
            return new RenderedText(null, missing);
        var text = new StringBuilder(Text.Length);
        foreach (var part in Parts)
            text.Append(part.IsField ? fields[part.Value] : part.Value);
        return new RenderedText(text.ToString(), []);
    }
}
