using System.Globalization;
using Portal.Receipts;

namespace Portal.Tests.Receipts;

public sealed class NumberMaskTests
{
    private static readonly NumbersOfBatch _batch = new([8619800001234, 8619800005678, 8613912341234, 8613912345678, 1234567, 85212345678], firstOrdinal: 100);

    [Theory]
    [InlineData("861980000****", "8619800001234, 8619800005678")]
    [InlineData("861980000xx34", "8619800001234")]
    [InlineData("86198****1234", "8619800001234")]
    [InlineData("86********234", "8613912341234, 8619800001234")]
    [InlineData("8*1*8*0*0*2*4", "8619800001234")]
    [InlineData("*619800005678", "8619800005678")]
    [InlineData("*************", "8613912341234, 8613912345678, 8619800001234, 8619800005678")]
    [InlineData("852****5678", "85212345678")]
    [InlineData("*******", "1234567")]
    [InlineData("86198000012**", "8619800001234")]
    [InlineData("86198000013**", "")]
    [InlineData("861980000***", "")]
    [InlineData("861980000*****", "")]
    public void The_numbers_that_fit_are_found(string masked, string numbers) => Assert.Equal(numbers, string.Join(", ", _batch.Fitting(NumberMask.Of(masked)!)));

    [Theory]
    [InlineData("unknownnumber")]
    [InlineData("+86198000****")]
    [InlineData("0619800001***")]
    [InlineData("86198 001****")]
    [InlineData("86198000é****")]
    [InlineData("******")]
    [InlineData("****************")]
    [InlineData("")]
    public void What_can_be_no_number_fits_nobody(string masked) => Assert.Null(NumberMask.Of(masked));

    [Fact]
    public void However_digits_are_hidden_exactly_those_fit_that_agree_in_the_others()
    {
        var numbers = Enumerable.Range(1, 300).Select(n => 1_000_000 + (n * 7_919_123L % 9_000_000)).Distinct().ToArray();
        var batch = new NumbersOfBatch([.. numbers], 0);
        for (var hidden = 1; hidden < 128; hidden++)
        {
            var shown = Text(numbers[hidden]);
            var masked = string.Concat(shown.Select((c, i) => (hidden >> i & 1) == 1 ? '*' : c));
            var expected = numbers.Where(n => Text(n).Zip(masked).All(p => p.Second == '*' || p.First == p.Second)).Order();
            Assert.Equal(expected, batch.Fitting(NumberMask.Of(masked)!));
        }

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_number_keeps_its_place() =>
        Assert.Equal([100, 104, null], ((long[])[8619800001234, 1234567, 1]).Select(_batch.OrdinalOf));
}
