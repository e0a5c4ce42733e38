using Bunit;
using Portal.Contacts;
using Portal.Web.Contacts;

namespace Portal.Web.Tests.Contacts;

public sealed class ImportSetupTests : PortalContext
{
    private readonly List<bool> _reread = [];
    private int _runs;

    [Theory]
    [InlineData("en", "Rows that can be taken: 1 of 2.", "Numbers without a country code: 1. Choose the country, or add it.", "Import 1")]
    [InlineData("zh-Hans", "2 行中有 1 行可以导入。", "没有国家代码的号码：1 个。请选择国家，或加上国家代码。", "导入 1 人")]
    public void Numbers_without_a_country_are_told_at_the_country_before_anything_runs(string culture, string check, string error, string go)
    {
        UseCulture(culture);

        var setup = Setup(out _);

        Assert.Contains(check, setup.Find("[role=status]").TextContent, StringComparison.Ordinal);
        Assert.EndsWith(error, ErrorOf(setup, "select[name=Region]"), StringComparison.Ordinal);
        Assert.Equal(go, setup.Find("button[type=submit]").TextContent);
    }

    [Fact]
    public void A_file_in_which_all_is_well_shows_no_error()
    {
        var setup = Setup(out _, new ImportCheck(2, 2, 0));

        Assert.All(setup.FindAll(".field-error"), e => Assert.Equal("", e.TextContent));
        Assert.Equal("Rows that can be taken: 2 of 2.", setup.Find("[role=status]").TextContent.Trim());
    }

    [Theory]
    [InlineData("en", "China (+86)")]
    [InlineData("zh-Hans", "中国（+86）")]
    public async Task The_tenants_country_stands_first_and_choosing_it_reads_again(string culture, string name)
    {
        UseCulture(culture);
        var setup = Setup(out var draft);

        Assert.Equal(name, setup.FindAll("select[name=Region] option")[1].TextContent);
        await setup.Find("select[name=Region]").ChangeAsync(new() { Value = "CN" });

        Assert.Equal("CN", draft.Region);
        Assert.Equal([false], _reread);
    }

    [Fact]
    public async Task Another_delimiter_or_heading_reads_the_columns_anew()
    {
        var setup = Setup(out var draft);

        Assert.Equal("Semicolon", setup.Find("select[name=Delimiter]").GetAttribute("value"));
        await setup.Find("select[name=Delimiter]").ChangeAsync(new() { Value = "Tab" });
        await setup.Find("input[name=HasHeader]").ChangeAsync(new() { Value = false });

        Assert.Equal(new CsvLayout('\t', HasHeader: false), draft.Layout);
        Assert.Equal([true, true], _reread);
    }

    [Fact]
    public async Task A_column_can_be_used_left_out_or_hold_the_numbers()
    {
        var setup = Setup(out var draft);
        Assert.Equal(["field", "number", "ignore"], setup.FindAll("select.use").Select(s => s.GetAttribute("value")!));

        await setup.FindAll("select.use")[2].ChangeAsync(new() { Value = "field" });
        Assert.Equal(["name", null, "column 3"], draft.Fields);
        await setup.FindAll("select.use")[0].ChangeAsync(new() { Value = "ignore" });
        Assert.Empty(_reread);
        await setup.FindAll("select.use")[2].ChangeAsync(new() { Value = "number" });

        Assert.Equal(2, draft.NumberColumn);
        Assert.Equal([null, null, null], draft.Fields);
        Assert.Equal([false], _reread);
    }

    [Fact]
    public async Task A_known_list_needs_no_name_and_a_new_one_does()
    {
        var list = Samples.List();
        var setup = Setup(out var draft, lists: [list]);
        Assert.Equal("people", setup.Find("input[name=NewListName]").GetAttribute("value"));

        await setup.Find("select[name=List]").ChangeAsync(new() { Value = list.Id.ToString() });

        Assert.Empty(setup.FindAll("input[name=NewListName]"));
        Assert.Equal(list.Id, draft.Read(Guid.NewGuid()).ListId);
    }

    [Theory]
    [InlineData("en", "Give the list a name.", "Two columns are named “name”.", "Choose the column that holds the numbers.", "This import is running already.")]
    [InlineData("zh-Hans", "请填写列表名称。", "有两列都叫“name”。", "请选择号码所在的列。", "此导入正在进行。")]
    public void Every_problem_stands_at_its_field(string culture, string list, string field, string number, string whole)
    {
        UseCulture(culture);
        var setup = Setup(out _, problems:
        [
            new("NewListName", "list_name_empty"), new("Fields[0]", "field_name_twice", "name"), new("Number", "number_column_missing"), new("", "import_busy"),
        ]);

        Assert.Contains(list, ErrorOf(setup, "input[name=NewListName]"), StringComparison.Ordinal);
        Assert.Contains(field, ErrorOf(setup, "tbody input"), StringComparison.Ordinal);
        Assert.Contains(number, setup.Find(".below .field-error").TextContent, StringComparison.Ordinal);
        Assert.Contains(whole, setup.Find(".notice").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_runs_the_import_and_takes_no_second_press_while_it_begins()
    {
        var setup = Setup(out _);
        await setup.Find("form").SubmitAsync();
        Assert.Equal(1, _runs);

        var busy = Setup(out _, busy: true);
        Assert.True(busy.Find("button[type=submit]").HasAttribute("disabled"));
    }

    [Fact]
    public async Task A_press_while_the_file_is_read_again_is_not_lost()
    {
        var reading = Setup(out _, reading: true);
        Assert.Contains("Reading it again", reading.Find("[role=status]").TextContent, StringComparison.Ordinal);
        Assert.False(reading.Find("button[type=submit]").HasAttribute("disabled"));
        await reading.Find("form").SubmitAsync();
        Assert.Equal(1, _runs);
    }

    private static string ErrorOf(IRenderedComponent<ImportSetup> setup, string selector)
    {
        var id = setup.Find(selector).GetAttribute("aria-describedby")!.Split(' ')[0];
        return setup.Find("#" + id).TextContent;
    }

    private IRenderedComponent<ImportSetup> Setup(
        out ImportDraft draft, ImportCheck? check = null, IReadOnlyList<ListRow>? lists = null, IReadOnlyList<Problem>? problems = null, bool busy = false,
        bool reading = false)
    {
        var preview = Samples.Preview(check);
        var made = draft = ImportDraft.Of(preview, lists ?? []);
        return Render<ImportSetup>(p => p
            .Add(s => s.Preview, preview).Add(s => s.Draft, made).Add(s => s.Lists, lists ?? []).Add(s => s.Problems, problems ?? [])
            .Add(s => s.Own, "CN").Add(s => s.Busy, busy).Add(s => s.Reading, reading).Add(s => s.OnReread, columns => _reread.Add(columns)).Add(s => s.OnRun, () => _runs++));
    }
}
