using Portal.ArchitectureTests.Samples;

namespace Portal.ArchitectureTests;

public sealed class TypeTests
{
    private const string Samples = "Portal.ArchitectureTests.Samples.Types";

    [Fact]
    public void No_type_is_called_helper_utils_or_manager() => Rule.Holds(TypeRules.EmptyNames(Product.Types));

    [Fact]
    public void An_empty_name_is_found() => Assert.Equal(
        [$"{Samples}.CampaignManager`1", $"{Samples}.PhoneHelper", $"{Samples}.StringUtils"],
        TypeRules.EmptyNames(SampleTypes.In("Types")).Order(StringComparer.Ordinal));

    [Fact]
    public void A_class_is_sealed_unless_it_is_abstract() => Rule.Holds(TypeRules.Unsealed(Product.Types));

    [Fact]
    public void A_class_that_is_not_sealed_is_found() =>
        Assert.Equal([$"{Samples}.CouldBeDerived"], TypeRules.Unsealed(SampleTypes.In("Types")));
}
