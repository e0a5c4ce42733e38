using System.Globalization;
using System.Resources;
using Portal.Sms.Numbers;
using Portal.Sms.Provider;
using Portal.Web.Accounts;

namespace Portal.Web.Tests.Accounts;

public sealed class AccountsTextTests
{
    private static readonly ResourceManager _texts = new(typeof(AccountsText).FullName!, typeof(AccountsText).Assembly);

    [Fact]
    public void Both_languages_have_the_same_texts_with_the_same_places()
    {
        var english = Read("en");
        var chinese = Read("zh-Hans");

        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), chinese.Keys.Order(StringComparer.Ordinal));
        Assert.All(english, text => Assert.Equal(Places(text.Value), Places(chinese[text.Key])));
    }

    [Fact]
    public void Every_code_that_stops_an_account_has_a_sentence_and_a_remedy() =>
        Assert.All(ProviderCodes.All.Where(c => c.Action is CodeAction.StopAccount or CodeAction.StopCall), code =>
        {
            Assert.NotNull(_texts.GetString($"Code_{code.Code}", CultureInfo.GetCultureInfo("en")));
            Assert.NotNull(_texts.GetString($"Code_{code.Code}_Remedy", CultureInfo.GetCultureInfo("en")));
        });

    [Fact]
    public void Every_reason_why_nothing_left_has_a_sentence_at_the_field_and_in_the_health() =>
        Assert.All(Enum.GetValues<NotSentReason>().Where(r => r != NotSentReason.Cancelled), reason =>
        {
            Assert.NotNull(_texts.GetString("Problem_" + Word(reason.ToString()), CultureInfo.GetCultureInfo("en")));
            Assert.NotNull(_texts.GetString("Code_" + Word(reason.ToString()), CultureInfo.GetCultureInfo("en")));
        });

    [Fact]
    public void Every_way_in_which_a_number_is_none_has_a_sentence() =>
        Assert.All(Enum.GetValues<NumberProblem>().Where(p => p != NumberProblem.None), problem =>
            Assert.NotNull(_texts.GetString("Problem_number_" + Word(problem.ToString()), CultureInfo.GetCultureInfo("en"))));

    private static string Word(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));

    private static string[] Places(string text) => [.. Enumerable.Range(0, 5).Select(i => $"{{{i}}}").Where(p => text.Contains(p, StringComparison.Ordinal))];

    private static Dictionary<string, string> Read(string culture)
    {
        // English is the neutral language: its texts lie in the assembly itself
        var info = culture == "en" ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(culture);
        var set = _texts.GetResourceSet(info, createIfNotExists: true, tryParents: false);
        Assert.NotNull(set);
        return set.Cast<System.Collections.DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!, StringComparer.Ordinal);
    }
}
