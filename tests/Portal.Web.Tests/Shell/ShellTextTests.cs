using System.Globalization;
using System.Resources;
using Portal.Web.Shell;

namespace Portal.Web.Tests.Shell;

public sealed class ShellTextTests
{
    private static readonly ResourceManager _texts = new(typeof(ShellText));

    [Fact]
    public void Every_text_exists_in_both_languages() => Assert.Equal(Keys(""), Keys("zh-Hans"));

    [Fact]
    public void Every_entry_of_the_navigation_has_its_word()
    {
        var keys = Keys("");
        foreach (var group in NavEntries.Tenant.Concat(NavEntries.Operator))
            Assert.All(group.Entries.Select(e => e.Text).Append(group.Caption ?? "Brand"), k => Assert.Contains(k, keys));
    }

    private static SortedSet<string> Keys(string culture)
    {
        var set = _texts.GetResourceSet(CultureInfo.GetCultureInfo(culture), createIfNotExists: true, tryParents: false)!;
        return [.. set.Cast<System.Collections.DictionaryEntry>().Select(e => (string)e.Key)];
    }
}
