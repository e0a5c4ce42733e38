using Portal.Simulator.Calls;

namespace Portal.Tests.Simulator;

public sealed class BilledPartsTests
{
    [Theory]
    [InlineData("a", 160, "", 1)]
    [InlineData("a", 161, "", 2)]
    [InlineData("a", 306, "", 2)]
    [InlineData("a", 307, "", 3)]
    [InlineData("€", 80, "", 1)]
    [InlineData("€", 81, "", 2)]
    [InlineData("a", 152, "€", 1)]
    [InlineData("a", 305, "€", 3)]
    [InlineData("€", 152, "", 2)]
    [InlineData("€", 153, "", 3)]
    [InlineData("é", 160, "", 1)]
    [InlineData("你", 70, "", 1)]
    [InlineData("你", 71, "", 2)]
    [InlineData("你", 134, "", 2)]
    [InlineData("你", 135, "", 3)]
    [InlineData("😀", 35, "", 1)]
    [InlineData("😀", 36, "", 2)]
    [InlineData("😀", 66, "", 2)]
    [InlineData("😀", 67, "", 3)]
    [InlineData("a", 69, "ç", 1)]
    [InlineData("a", 70, "ç", 2)]
    public void A_text_is_billed_by_its_alphabet_and_no_character_is_cut(string repeated, int times, string end, int parts) =>
        Assert.Equal(parts, BilledParts.Of(string.Concat(Enumerable.Repeat(repeated, times)) + end));
}
