using System.Collections;
using System.Globalization;
using System.Resources;
using Portal.Contacts;
using Portal.Sms.Numbers;
using Portal.Web.Contacts;

namespace Portal.Web.Tests.Contacts;

public sealed class ContactsTextTests
{
    private static readonly string[] _problems =
    [
        "list_name_empty", "list_name_long", "list_name_taken", "list_gone", "paste_empty", "file_none", "file_empty", "file_too_large", "file_workbook",
        "file_not_text", "file_encoding", "file_not_csv", "upload_lost", "upload_refused", "import_gone", "import_closed", "import_busy",
        "number_column_missing", "numbers_none", "numbers_no_country", "region_unknown", "field_name_bad", "field_name_twice", "optouts_too_many", "optout_gone",
    ];

    [Theory]
    [InlineData(typeof(ContactsText))]
    [InlineData(typeof(CountriesText))]
    public void Both_languages_have_the_same_texts_with_the_same_places(Type texts)
    {
        var (english, chinese) = (Read(texts, ""), Read(texts, "zh-Hans"));

        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), chinese.Keys.Order(StringComparer.Ordinal));
        Assert.All(english, text => Assert.Equal(Places(text.Value), Places(chinese[text.Key])));
    }

    [Fact]
    public void Every_problem_of_a_use_case_has_a_sentence() =>
        Assert.All(_problems, code => Assert.Contains("Problem_" + code, Read(typeof(ContactsText), "").Keys));

    [Fact]
    public void Every_reason_why_a_row_is_not_taken_has_a_sentence() =>
        Assert.All(
            Enum.GetValues<NumberProblem>().Where(p => p != NumberProblem.None).Select(p => Word(p.ToString())).Append("duplicate").Append("field_too_long"),
            reason => Assert.Contains("Reason_" + reason, Read(typeof(ContactsText), "").Keys));

    [Fact]
    public void Every_reason_of_an_opt_out_has_a_word() =>
        Assert.All(Enum.GetNames<SuppressionReason>(), reason => Assert.Contains("OptOut_" + reason, Read(typeof(ContactsText), "").Keys));

    [Fact]
    public void Every_country_that_numbers_can_be_read_for_has_a_name() =>
        Assert.Equal(PhoneNumbers.Regions, Read(typeof(CountriesText), "").Keys.Order(StringComparer.Ordinal));

    private static string Word(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));

    private static string[] Places(string text) => [.. Enumerable.Range(0, 5).Select(i => $"{{{i}").Where(p => text.Contains(p, StringComparison.Ordinal))];

    private static Dictionary<string, string> Read(Type texts, string culture)
    {
        var set = new ResourceManager(texts.FullName!, texts.Assembly).GetResourceSet(CultureInfo.GetCultureInfo(culture), createIfNotExists: true, tryParents: false);
        Assert.NotNull(set);
        return set.Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!, StringComparer.Ordinal);
    }
}
