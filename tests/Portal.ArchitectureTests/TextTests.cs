namespace Portal.ArchitectureTests;

public sealed class TextTests
{
    [Fact]
    public void Nothing_is_sent_again_by_a_standard_handler() => Rule.Holds(TextRules.SelfMadeRetries(Checkout.Files("src", ".cs")));

    [Fact]
    public void A_standard_handler_is_found() =>
        Assert.Single(TextRules.SelfMadeRetries([new("Start.cs", "services.AddHttpClient(\"x\").AddStandardResilienceHandler();")]));

    [Fact]
    public void No_markup_is_made_from_a_string() => Rule.Holds(TextRules.RawMarkup(Checkout.Files("src", ".cs", ".razor", ".js")));

    [Theory]
    [InlineData("<p>@((MarkupString)text)</p>")]
    [InlineData("builder.AddMarkupContent(0, text);")]
    [InlineData("<MudHighlighter Text=\"@text\" HighlightedText=\"@sought\" Markup=\"true\" />")]
    [InlineData("<MudChart T=\"double\" ChartLabels=\"@names\" />")]
    [InlineData("<MudIcon Icon=\"@account.Icon\" />")]
    [InlineData("<MudButton Class=\"a\" StartIcon=\"@(text)\">x</MudButton>")]
    [InlineData("element.innerHTML = text;")]
    public void Markup_from_a_string_is_found(string line) => Assert.Single(TextRules.RawMarkup([new("Page.razor", line)]));

    [Theory]
    [InlineData("<MudIcon Icon=\"@Icons.Material.Filled.Add\" />")]
    [InlineData("<StatusChip State=\"tone\" Icon=\"@glyph\" Text=\"@word\" />")]
    public void A_constant_and_a_glyph_are_no_markup(string line) => Assert.Empty(TextRules.RawMarkup([new("Page.razor", line)]));

    [Fact]
    public void Every_file_for_a_spreadsheet_is_safe() => Rule.Holds(TextRules.UnsafeExports(Checkout.Files("src", ".cs", ".razor")));

    [Fact]
    public void A_file_for_a_spreadsheet_that_is_written_by_hand_is_found() =>
        Assert.Single(TextRules.UnsafeExports([new("A.cs", "response.ContentType = \"text/csv\";"), new("B.cs", "response.ContentType = \"text/csv\"; new SafeCsv(body);")]));

    [Fact]
    public void The_keys_of_all_tenants_are_for_the_rewrap() => Rule.Holds(TextRules.KeysOfAllTenants(Checkout.Files("src", ".cs", ".razor")));

    [Theory]
    [InlineData("select set_config('app.rewrap', 'on', false)")]
    [InlineData("await TenantKeyRows.BeginAsync(connection, ct);")]
    public void Another_use_of_the_keys_of_all_tenants_is_found(string line) =>
        Assert.Single(TextRules.KeysOfAllTenants([new("src/Portal/Dispatch/SendBatch.cs", line), new("src/Portal/Tenants/RewrapKeys.cs", line)]));

    [Fact]
    public void No_component_has_a_literal_text() => Rule.Holds(TextRules.LiteralTexts(Checkout.Files("src", ".razor")));

    [Theory]
    [InlineData("<p>Your campaign is running.</p>")]
    [InlineData("<p>\n    Your campaign\n</p>")]
    [InlineData("<MudTextField Label=\"Base address\" @bind-Value=\"_address\" />")]
    [InlineData("<button aria-label=\"Close the menu\">×</button>")]
    [InlineData("<p>发送</p>")]
    [InlineData("<MudButton Label=\"发送\" />")]
    public void A_literal_text_is_found(string markup) => Assert.Single(TextRules.LiteralTexts([new("Page.razor", markup)]));

    [Theory]
    [InlineData("<p>@Text[\"Campaign.Running\"]</p>")]
    [InlineData("<p>×</p><a href=\"/t\">Portal</a>")]
    [InlineData("@if (a > b && c < d)\n{\n    <p>@a</p>\n}")]
    [InlineData("@* a comment of several words *@<!-- and one more -->")]
    [InlineData("<MudTextField Label=\"@Text[\"Account.Base address\"]\" />")]
    [InlineData("<p>@a</p>\n@code {\n    static bool Less(int a, int b) => a < b;\n    // a comment > of words <\n}")]
    [InlineData("<div class=\"one two three\"></div>")]
    public void What_is_no_literal_text_is_left_alone(string markup) => Assert.Empty(TextRules.LiteralTexts([new("Page.razor", markup)]));

    [Fact]
    public void No_page_begins_twice_what_is_pressed_twice()
    {
        var files = Checkout.Files("src/Portal.Web", ".razor", ".razor.cs");
        Assert.True(files.Count(f => f.Text.Contains("_busy = true", StringComparison.Ordinal)) > 10);
        Rule.Holds(TextRules.SecondPresses(files));
    }

    [Theory]
    [InlineData("    private async Task SaveAsync()\n    {\n        _busy = true;\n")]
    [InlineData("    private bool _busy;\n    private async Task SaveAsync()\n    {\n        (_busy, _told) = (true, null);\n")]
    [InlineData("    private async Task AAsync()\n    {\n        if (_busy)\n            return;\n    }\n    private async Task SaveAsync()\n    {\n        _busy = true;\n")]
    public void A_second_press_is_found(string code) => Assert.Single(TextRules.SecondPresses([new("Page.razor", code)]));
}
