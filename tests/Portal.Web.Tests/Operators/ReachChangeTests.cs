using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Portal.Members;
using Portal.Web.Operators;

namespace Portal.Web.Tests.Operators;

/// <summary>What an operator is asked before a tenant's accounts may call other hosts or write to other countries.</summary>
public sealed class ReachChangeTests : PortalContext
{
    private static readonly ReachView _before = new(["a.example", "b.example:8443"], ["CN", "TH"], ["a.example", "a.example", "b.example:8443", "everybody.example"]);

    [Theory]
    [InlineData("en")]
    [InlineData("zh-Hans")]
    public void What_is_taken_away_is_said_with_how_many_accounts_it_stops(string culture)
    {
        UseCulture(culture);
        var sentence = Assert.Single(Of(["b.example:8443"], ["TH", "CN"]));

        Assert.Contains("a.example", sentence, StringComparison.Ordinal);
        Assert.Contains("2", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("b.example", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("Reach.", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "apikeys", "no other")]
    [InlineData("zh-Hans", "apikey", "仅限")]
    public void Each_thing_that_changes_has_its_sentence(string culture, string host, string countries)
    {
        UseCulture(culture);
        var sentences = Of(["A.Example", "b.example:8443", "c.example"], ["cn"]);

        Assert.Equal(2, sentences.Count);
        Assert.Contains("c.example", sentences[0], StringComparison.Ordinal);
        Assert.Contains(host, sentences[0], StringComparison.Ordinal);
        Assert.Contains(countries, sentences[1], StringComparison.Ordinal);
        Assert.DoesNotContain("TH", sentences[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_asked_when_nothing_changes()
    {
        Assert.Empty(Of(["B.example:8443", "a.example", "a.example"], ["th", "CN"]));
    }

    [Fact]
    public void An_account_at_a_host_that_every_tenant_may_call_does_not_stop()
    {
        var change = new ReachChange(_before with { Hosts = ["everybody.example"] }, [], ["CN", "TH"], ["everybody.example"]);

        Assert.Contains("Accounts there: 0.", Assert.Single(change.Sentences(Texts)), StringComparison.Ordinal);
    }

    [Fact]
    public void No_bound_at_all_is_said_too() => Assert.Contains("any that the tenant chooses", Assert.Single(Of(["a.example", "b.example:8443"], [])), StringComparison.Ordinal);

    private IStringLocalizer<OperationsText> Texts => Services.GetRequiredService<IStringLocalizer<OperationsText>>();

    private List<string> Of(string[] hosts, string[] countries) => [.. new ReachChange(_before, hosts, countries, ["everybody.example"]).Sentences(Texts)];
}
