using Portal.ArchitectureTests.Samples;

namespace Portal.ArchitectureTests;

public sealed class CapabilityTests
{
    private const string Samples = "Portal.ArchitectureTests.Samples.House";

    [Fact]
    public void A_capability_uses_only_what_lies_below_it() =>
        Rule.Holds(new CapabilityRules("Portal").Violations(Product.Architecture.TypesOf("Portal")));

    [Fact]
    public void Each_way_to_break_the_graph_is_found()
    {
        var found = new CapabilityRules(Samples).Violations(SampleTypes.Architecture.Types).Order(StringComparer.Ordinal);

        Assert.Equal(
        [
            $"{Samples}.BesideTheCapabilities uses {Samples}.Data.Ground",
            $"{Samples}.Common.NoCapability is in no known capability",
            $"{Samples}.Contacts.UsesItsNeighbour uses {Samples}.Accounts.Account",
            $"{Samples}.Dispatch.UsesWhatIsAboveInALambda uses {Samples}.Campaigns.Campaign",
        ],
        found);
    }

    [Fact]
    public void The_product_was_read() => Assert.True(Product.Architecture.TypesOf("Portal").Count() > 50);
}
