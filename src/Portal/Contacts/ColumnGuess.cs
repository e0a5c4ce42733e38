using Portal.Sms.Numbers;

namespace Portal.Contacts;

/// <summary>Guesses what the columns of a file hold, from their headings and their first rows.</summary>
internal static class ColumnGuess
{
    private static readonly HashSet<string> _numberHeadings = new(StringComparer.Ordinal)
    {
        "mobile", "mobile number", "mobile no", "mobile phone", "mobilephone", "mobile_number", "phone", "phone number", "phone_number",
        "phonenumber", "phone no", "telephone", "tel", "cell", "cellphone", "cell phone", "number", "msisdn", "whatsapp",
        "手机", "手机号", "手机号码", "移动电话", "电话", "电话号码", "联系电话", "联系方式", "号码",
    };

    public static bool NamesNumbers(string heading) => FieldNames.Of(heading) is { } name && _numberHeadings.Contains(name);

    /// <summary>The column with the numbers; null when none looks like it.</summary>
    public static int? NumberColumn(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows, string? region)
    {
        var columns = Math.Max(headings.Count, rows.Select(r => r.Count).DefaultIfEmpty().Max());
        var best = Enumerable.Range(0, columns)
            .Select(c => (Column: c, Score: Score(c < headings.Count ? headings[c] : "", [.. rows.Select(r => c < r.Count ? r[c] : "").Where(v => v.Length > 0)], region)))
            .OrderByDescending(c => c.Score).ThenBy(c => c.Column)
            .FirstOrDefault((Column: 0, Score: 0));
        return best.Score > 0 ? best.Column : null;
    }

    /// <summary>Names for the columns beside the numbers: from their headings, each once; null is a column to leave out.</summary>
    public static IReadOnlyList<string?> Fields(IReadOnlyList<string> headings, int columns, int? numberColumn)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        return [.. Enumerable.Range(0, columns).Select(c => c == numberColumn || c >= headings.Count ? null : Once(FieldNames.Of(headings[c]), used))];
    }

    private static string? Once(string? name, HashSet<string> used)
    {
        if (name is null || used.Add(name))
            return name;
        var stem = name.Length > FieldNames.Longest - 4 ? name[..(FieldNames.Longest - 4)].Trim() : name;
        return Enumerable.Range(2, LayoutGuess.MostColumns).Select(i => FieldNames.Of($"{stem} {i}")).First(n => used.Add(n!));
    }

    // What stands in the cells weighs more than the heading: "number" may be the number of a house.
    private static int Score(string heading, IReadOnlyList<string> cells, string? region)
    {
        var named = NamesNumbers(heading) ? 40 : 0;
        if (cells.Count == 0)
            return named / 2;
        var looks = cells.Count(LayoutGuess.LooksLikeNumber) * 100 / cells.Count;
        var valid = cells.Count(c => PhoneNumbers.Parse(c, region).Problem == NumberProblem.None) * 100 / cells.Count;
        return looks < 30 && named == 0 ? 0 : looks + valid + named;
    }
}
