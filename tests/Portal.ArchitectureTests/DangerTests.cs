namespace Portal.ArchitectureTests;

public sealed class DangerTests
{
    private static readonly IReadOnlyList<SourceFile> _code = [.. Checkout.Files("src", ".cs", ".razor").Where(f => !f.Name.Contains("Simulator", StringComparison.Ordinal))];
    private static readonly IReadOnlyList<SourceFile> _script = Checkout.Files("src/Portal.Web", ".js");

    [Fact]
    public void No_text_becomes_a_command_code_or_a_type() => Rule.Holds(DangerRules.Code(_code));

    [Theory]
    [InlineData("Process.Start(\"sh\", text)")]
    [InlineData("settings.TypeNameHandling = TypeNameHandling.All;")]
    [InlineData("var d = new XmlDocument();")]
    [InlineData("unsafe { }")]
    public void A_dangerous_piece_of_code_is_found(string code) => Assert.Single(DangerRules.Code([new("A.cs", code)]));

    [Fact]
    public void No_script_makes_markup_or_code_of_text_or_listens_to_other_windows() => Rule.Holds(DangerRules.Script(_script));

    [Theory]
    [InlineData("element.innerHTML = name;")]
    [InlineData("eval(text)")]
    [InlineData("window.addEventListener(\"message\", go);")]
    [InlineData("document.cookie = 'a=b';")]
    public void A_dangerous_piece_of_script_is_found(string script) => Assert.Single(DangerRules.Script([new("a.js", script)]));

    [Fact]
    public void The_browsers_storage_holds_light_or_dark_and_nothing_else() => Assert.Equal(
        ["theme.js"],
        _script.Concat(_code).Where(f => f.Text.Contains("localStorage", StringComparison.Ordinal)).Select(f => Path.GetFileName(f.Name)));

    [Fact]
    public void Every_certificate_is_checked_and_no_redirect_is_followed() =>
        Rule.Holds(DangerRules.CarelessClients(_code.Concat(Checkout.Files("migrations", ".cs"))));

    [Theory]
    [InlineData("client.ServerCertificateValidationCallback = (_, _, _, _) => true;")]
    [InlineData("handler.ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator.X;")]
    [InlineData("var text = x; o.RemoteCertificateValidationCallback = y;")]
    [InlineData("new HttpClient()")]
    [InlineData("new SocketsHttpHandler { UseCookies = false }")]
    public void A_careless_client_is_found(string code) => Assert.NotEmpty(DangerRules.CarelessClients([new("A.cs", code)]));

    [Fact]
    public void A_careful_client_is_left_alone() =>
        Assert.Empty(DangerRules.CarelessClients([new("A.cs", "new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };")]));

    [Fact]
    public void No_page_fetches_from_or_sends_to_another_site() =>
        Rule.Holds(DangerRules.OtherSites(Checkout.Files("src/Portal.Web", ".razor", ".css", ".js")));

    [Theory]
    [InlineData("<script src=\"https://cdn.example/a.js\"></script>")]
    [InlineData("@import \"//fonts.example/f.css\";")]
    [InlineData("background: url(https://img.example/a.png)")]
    [InlineData("fetch(\"https://track.example\")")]
    public void Another_site_is_found(string text) => Assert.Single(DangerRules.OtherSites([new("a.razor", text)]));

    [Fact]
    public void Every_regular_expression_ends() => Rule.Holds(DangerRules.EndlessRegexes(_code));

    [Theory]
    [InlineData("[GeneratedRegex(\"(a+)+\")]", 1)]
    [InlineData("var r = new Regex(text);", 1)]
    [InlineData("[GeneratedRegex(\"a\", RegexOptions.None, 1000)]", 0)]
    [InlineData("[GeneratedRegex(\"a\", RegexOptions.NonBacktracking)]", 0)]
    public void A_regular_expression_that_may_not_end_is_found(string code, int found) => Assert.Equal(found, DangerRules.EndlessRegexes([new("A.cs", code)]).Count());

    [Fact]
    public void No_answer_is_shared_with_other_sites() => Rule.Holds(DangerRules.Shared(_code));

    [Fact]
    public void An_answer_that_is_shared_is_found() => Assert.Single(DangerRules.Shared([new("A.cs", "app.UseCors(o => o.AllowAnyOrigin());")]));

    [Fact]
    public void No_regular_expression_is_made_of_text() => Rule.Holds(DangerRules.MadeRegexes(_code));

    [Fact]
    public void A_regular_expression_made_of_text_is_found() => Assert.Single(DangerRules.MadeRegexes([new("A.cs", "Regex.IsMatch(name, typed)")]));

    [Fact]
    public void No_SQL_of_EF_has_places_that_are_no_parameters() => Rule.Holds(DangerRules.RawSql(_code));

    [Theory]
    [InlineData("db.ExecuteSqlRawAsync($\"delete from t where a = '{x}'\")", 1)]
    [InlineData("db.ExecuteSqlRawAsync($$\"\"\"\ndelete from t where a = {{x.Name}} and b = {0}\"\"\", id)", 1)]
    [InlineData("db.ExecuteSqlRawAsync($$\"\"\"\ndelete from t where a = '{{Words.Gone}}' and b = {0}\"\"\", id)", 0)]
    public void SQL_with_such_places_is_found(string code, int found) => Assert.Equal(found, DangerRules.RawSql([new("A.cs", code)]).Count());
}
