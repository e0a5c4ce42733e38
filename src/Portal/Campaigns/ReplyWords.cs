using System.Text.RegularExpressions;

namespace Portal.Campaigns;

/// <summary>Texts that ask for an answer. Nobody can answer: what people send back reaches nobody.</summary>
internal static partial class ReplyWords
{
    /// <summary>The words that ask; null when there are none.</summary>
    public static string? Find(string text)
    {
        var match = English().Match(text) is { Success: true } english ? english : Chinese().Match(text);
        return match.Success ? match.Value.Trim() : null;
    }

    [GeneratedRegex(@"\b(?:reply|text|send|sms|answer)\s+(?:(?:with|to|back)\s+)?[""'“‘]?(?:stop|end|quit|cancel|unsub\w*|opt\s?-?out|td|t|n|no|r|y|yes|0+|1)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex English();

    [GeneratedRegex(@"(?:退订|拒收)?请?(?:回复?|发送)\s*[""'“‘「【]?\s*(?:TD|[TNRQY](?![A-Za-z])|0{1,4}|1(?!\d)|退订|拒收|取消)|(?:退订|拒收)\s*(?:请?回复?)?\s*(?:TD|[TNRQ](?![A-Za-z])|0000)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Chinese();
}
