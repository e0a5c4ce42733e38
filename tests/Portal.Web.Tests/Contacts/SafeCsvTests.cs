using System.Text;
using Portal.Contacts;
using Portal.Sms.Numbers;
using Portal.Web.Contacts;

namespace Portal.Web.Tests.Contacts;

public sealed class SafeCsvTests
{
    [Theory]
    [InlineData("=1+1")]
    [InlineData("+8613800138000")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData("  =1")]
    [InlineData("＝1+1")]
    [InlineData("＋1")]
    [InlineData("－1")]
    [InlineData("＠x")]
    [InlineData("|cmd")]
    [InlineData("%0A=1")]
    [InlineData("\0=1")]
    [InlineData("\n=1")]
    [InlineData("\uFEFF=1")]
    [InlineData("\u200B=1")]
    [InlineData("\u00A0=1")]
    [InlineData("'=1")]
    [InlineData("''@1")]
    public void A_cell_that_a_spreadsheet_would_compute_becomes_text(string value) =>
        Assert.StartsWith("\"'", SafeCsv.Cell(value), StringComparison.Ordinal);

    [Theory]
    [InlineData("Li", "Li")]
    [InlineData("'s-Hertogenbosch", "\"'s-Hertogenbosch\"")]
    [InlineData("8613800138000", "8613800138000")]
    [InlineData("", "")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"no\"", "\"say \"\"no\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    public void Other_cells_are_quoted_only_where_they_must(string value, string written) =>
        Assert.Equal(written, SafeCsv.Cell(value));

    [Theory]
    [InlineData("=1+1")]
    [InlineData("'=1+1")]
    [InlineData("''=1+1")]
    [InlineData("' \u200B=1+1")]
    [InlineData("＠x")]
    [InlineData("'s-Hertogenbosch")]
    [InlineData("O'Brien")]
    [InlineData("'")]
    [InlineData("")]
    public void A_cell_comes_back_as_it_was(string value) => Assert.Equal(value, SpreadsheetText.FromCell(SpreadsheetText.ToCell(value)).ToString());

    [Fact]
    public void A_number_made_safe_is_read_as_the_same_number() =>
        Assert.Equal("8613800138000", PhoneNumbers.Parse(SafeCsv.Cell("+8613800138000").Trim('"'), null).Number);

    [Fact]
    public async Task Lines_end_as_spreadsheets_want_and_the_file_says_that_it_is_utf_8()
    {
        using var stream = new MemoryStream();
        await using (var csv = new SafeCsv(stream))
            await csv.WriteAsync(["1", "李", "a,b"], CancellationToken.None);

        Assert.Equal([.. Encoding.UTF8.GetPreamble(), .. "1,李,\"a,b\"\r\n"u8], stream.ToArray());
    }
}
