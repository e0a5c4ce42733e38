namespace Portal.Templates;

/// <summary>Goes through a text once, from braces to braces.</summary>
internal sealed class TemplateReader(string text)
{
    private const int LongestShown = 40;

    private static readonly string[] _marks = ["{{", "}}", "｛｛", "｝｝"];

    private int _literal;

    public List<TemplatePart> Parts { get; } = [];

    public List<Problem> Problems { get; } = [];

    public void Read()
    {
        var at = 0;
        while (Next(at) is var (mark, found) && found >= 0)
        {
            at = mark switch
            {
                "{{" => Place(found),
                "}}" => Refuse("template_stray_close", found, found + 2),
                _ => Refuse("template_wide_braces", found, found + 2),
            };
        }
        Literal(text.Length);
    }

    private (string Mark, int Found) Next(int from)
    {
        var (mark, found) = ("", -1);
        foreach (var candidate in _marks)
        {
            var index = text.IndexOf(candidate, from, StringComparison.Ordinal);
            if (index >= 0 && (found < 0 || index < found))
                (mark, found) = (candidate, index);
        }
        return (mark, found);
    }

    private int Place(int open)
    {
        var close = text.IndexOf("}}", open + 2, StringComparison.Ordinal);
        var again = text.IndexOf("{{", open + 2, StringComparison.Ordinal);
        if (close < 0 || (again >= 0 && again < close))
            return Refuse("template_unclosed", open, open + 2);
        var name = text[(open + 2)..close];
        if (!FieldName.IsValid(name))
            return Refuse("template_bad_field", open, close + 2, name.Length > LongestShown ? name[..LongestShown] + "…" : name);
        Literal(open);
        Parts.Add(new TemplatePart(true, FieldName.Normal(name)));
        return _literal = close + 2;
    }

    private int Refuse(string code, int at, int next, params object[] values)
    {
        Problems.Add(new Problem("Text", code, [at + 1, .. values]));
        return next;
    }

    private void Literal(int end)
    {
        if (end > _literal)
            Parts.Add(new TemplatePart(false, text[_literal..end]));
    }
}
