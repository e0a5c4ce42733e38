using Portal.ArchitectureTests.Samples;

namespace Portal.ArchitectureTests;

public sealed class PageTests
{
    private const string Samples = "Portal.ArchitectureTests.Samples.Pages";

    [Fact]
    public void No_page_holds_a_database() =>
        Rule.Holds(PageRules.DatabaseInPages(Product.Architecture, [.. Product.Types]));

    [Fact]
    public void A_page_with_a_database_is_found()
    {
        var found = PageRules.DatabaseInPages(SampleTypes.Architecture, [.. SampleTypes.In("Pages")]).ToList();

        Assert.Contains($"{Samples}.PageWithAContext uses {Samples}.SomeContext", found);
        Assert.Contains($"{Samples}.PageWithAFactory uses {Samples}.SomeContext", found);
        Assert.Contains($"{Samples}.PageWithAConnectionInItsBody uses Npgsql.NpgsqlDataSource", found);
        Assert.DoesNotContain(found, line => line.Contains("PageThatAsks", StringComparison.Ordinal));
    }

    [Fact]
    public void No_page_gives_out_the_token_of_a_source_that_it_disposes() => Rule.Holds(PageRules.SourcesInPages(Product.Types));

    [Fact]
    public void A_page_with_a_source_of_its_own_is_found() =>
        Assert.Equal([$"{Samples}.PageWithASource has _left"], PageRules.SourcesInPages(SampleTypes.In("Pages")));
}
