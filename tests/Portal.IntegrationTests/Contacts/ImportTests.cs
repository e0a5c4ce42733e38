using Portal.Contacts;
using Portal.Tenants;

namespace Portal.IntegrationTests.ContactsTests;

public sealed class ImportTests(PortalFixture fixture) : ContactsRig(fixture), IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Pasted_numbers_become_people_on_a_new_list()
    {
        var member = await Fixture.NewTenantAsync();
        var import = (await Get<PasteNumbers>().RunAsync(member, new("+86 138 0013 8000, 8613800138001；8613800138002\n8613800138003 8613800138004\n"), None)).Value;

        var outcome = (await RunAsync(member, import, "Members")).Value;

        Assert.Equal(new ImportOutcome(ImportState.Done, 5, 5, 0, 0, 0), outcome);
        Assert.Equal(5, (await ListAsync(member, "Members")).Contacts);
        Assert.Equal(["list_created Members", "contacts_imported 5|5|0|0|0"], await AuditAsync(member));
    }

    [Fact]
    public async Task A_file_is_read_as_its_headings_say()
    {
        var member = await Fixture.NewTenantAsync();
        var import = await UploadAsync(member, "Name;Phone Number;Order No.;\nLi;+86 138-0013-8000;7;x\n\"Wang; Wei\";008613800138001;;\n");

        var preview = await PreviewAsync(member, import);

        Assert.Equal((new CsvLayout(';', true), 1), (preview.Layout, preview.NumberColumn));
        Assert.Equal(["name", null, "order no", null], preview.Columns.Select(c => c.Field));
        Assert.Equal(new ImportCheck(2, 2, 0), preview.Check);
        await RunAsync(member, import, "Members");
        var rows = (await ListAsync(member, "Members")).Rows;
        Assert.Equal(["name=Li,order no=7", "name=Wang; Wei"], rows.Select(r => string.Join(',', r.Fields.OrderBy(f => f.Key).Select(f => $"{f.Key}={f.Value}"))));
    }

    [Fact]
    public async Task Every_row_that_is_not_taken_is_told_with_its_line_and_reason()
    {
        var member = await Fixture.NewTenantAsync();
        var import = await UploadAsync(member, $"""
            手机号,姓名
            8613800138000,李

            13800138001,王
            8.61E+12,张
            8613800138000,李二
            "8613800138002","two
            lines"
            86138001380021234567,赵
            ,钱
            8613800138003,{new string('长', 1001)}
            8613800138004,"孙"
            """.ReplaceLineEndings("\r\n"));

        var outcome = (await RunAsync(member, import, "Members")).Value;

        Assert.Equal(new ImportOutcome(ImportState.Done, 9, 3, 0, 1, 5), outcome);
        Assert.Equal(
            ["4 13800138001 no_country", "5 8.61E+12 not_a_number", "6 8613800138000 duplicate", "9 86138001380021234567 no_country", "10  empty", "11 8613800138003 field_too_long"],
            (await ProblemsAsync(member, import)).Select(p => $"{p.Line} {p.Value} {p.Reason}"));
    }

    [Fact]
    public async Task Numbers_without_a_country_are_taken_once_one_is_chosen()
    {
        var member = await Fixture.NewTenantAsync();
        var import = await UploadAsync(member, "mobile,name\n13800138000,Li\n13800138001,Wang\nhello,Zhao\n");

        Assert.Equal(new ImportCheck(3, 0, 2), (await PreviewAsync(member, import)).Check);
        var refused = (await RunAsync(member, import, "Members")).Problems[0];
        Assert.Equal(("Region", "numbers_no_country", 2), (refused.Field, refused.Code, refused.Values[0]));
        Assert.Empty(await Get<Lists>().RunAsync(member, None));

        Assert.Equal(new ImportCheck(3, 2, 0), (await PreviewAsync(member, import, "CN")).Check);
        Assert.Equal(2, (await RunAsync(member, import, "Members", "CN")).Value.Added);
    }

    [Fact]
    public async Task Known_people_keep_their_fields_and_gain_new_ones()
    {
        var member = await Fixture.NewTenantAsync();
        await ImportAsync(member, "mobile,name,city\n8613800138000,Li,Beijing\n8613800138001,Wang,\n", "A");

        var outcome = await ImportAsync(member, "mobile,name,city,tier\n8613800138000,Li Lei,,gold\n8613800138002,Zhao,,\n", "B");

        Assert.Equal(new ImportOutcome(ImportState.Done, 2, 1, 1, 0, 0), outcome);
        var known = (await ListAsync(member, "B")).Rows[0].Fields;
        Assert.Equal([("city", "Beijing"), ("name", "Li Lei"), ("tier", "gold")], known.Select(f => (f.Key, f.Value)).Order());
        Assert.Equal(2, (await ListAsync(member, "A")).Contacts);
        Assert.Equal(3, await CountAsync("contacts", member));
    }

    [Fact]
    public async Task The_same_file_twice_changes_nothing()
    {
        var member = await Fixture.NewTenantAsync();
        const string File = "mobile,name\n8613800138000,Li\n8613800138001,Wang\n";
        await ImportAsync(member, File, "Members");

        var again = await ImportAsync(member, File, "Members");

        Assert.Equal(new ImportOutcome(ImportState.Done, 2, 0, 2, 0, 0), again);
        Assert.Equal(2, await CountAsync("list_members", member));
    }

    [Fact]
    public async Task The_content_is_gone_when_it_is_done_and_nobody_runs_it_twice()
    {
        var member = await Fixture.NewTenantAsync();
        var import = await UploadAsync(member, "8613800138000");
        var input = await SuggestedAsync(member, import, "Members");
        await Get<RunImport>().RunAsync(member, input, None);

        var again = await Get<RunImport>().RunAsync(member, input with { NewListName = "Other" }, None);

        Assert.Equal("import_closed", again.Problems[0].Code);
        Assert.Equal("import_closed", (await Get<PreviewImport>().RunAsync(member, new(import), None)).Problems[0].Code);
        Assert.Equal(0, await Fixture.Database.AdminScalarAsync<long>($"select count(*) from app.imports where id = '{import}' and content is not null"));
    }

    [Fact]
    public async Task Mistakes_of_the_mapping_are_told_at_their_fields_all_at_once()
    {
        var member = await Fixture.NewTenantAsync();
        var import = await UploadAsync(member, "a,b,c,d\n1,2,3,4\n");
        var input = new RunImportInput(import, new CsvLayout(',', true), new ImportMapping(-1, ["x", "X", "{{y}}", null]), null, " ", "QQ");

        var problems = (await Get<RunImport>().RunAsync(member, input, None)).Problems;

        Assert.Equal(
            ["Number number_column_missing", "Fields[1] field_name_twice", "Fields[2] field_name_bad", "Region region_unknown", "NewListName list_name_empty"],
            problems.Select(p => $"{p.Field} {p.Code}"));
        Assert.Equal(ImportState.Uploaded, (await Get<ImportStatus>().RunAsync(member, import, None))!.State);
    }

    [Fact]
    public async Task A_new_lists_name_that_is_taken_is_refused_at_its_field()
    {
        var member = await Fixture.NewTenantAsync();
        await Get<CreateList>().RunAsync(member, new("Members"), None);
        var import = await UploadAsync(member, "8613800138000");
        var input = await SuggestedAsync(member, import, "Members");

        var problem = (await Get<RunImport>().RunAsync(member, input with { ListId = null }, None)).Problems[0];

        Assert.Equal(("NewListName", "list_name_taken"), (problem.Field, problem.Code));
        Assert.Equal(1, (await RunAsync(member, import, "Members")).Value.Added);
    }

    [Fact]
    public async Task A_heading_that_says_number_does_not_beat_a_column_of_numbers()
    {
        var member = await Fixture.NewTenantAsync();
        var import = await UploadAsync(member, "number,contact,amount\n12,8613800138000,1\n14,8613800138001,2\n");

        Assert.Equal(1, (await PreviewAsync(member, import)).NumberColumn);
    }

    [Fact]
    public async Task A_file_without_headings_is_all_rows()
    {
        var member = await Fixture.NewTenantAsync();
        var import = await UploadAsync(member, "8613800138000\tLi\n8613800138001\tWang\n");

        var preview = await PreviewAsync(member, import);

        Assert.Equal((new CsvLayout('\t', false), 0, 2), (preview.Layout, preview.NumberColumn, preview.Check.Valid));
        Assert.All(preview.Columns, c => Assert.Null(c.Field));
    }

    [Fact]
    public async Task A_quote_that_never_closes_swallows_no_row()
    {
        var member = await Fixture.NewTenantAsync();
        var import = await UploadAsync(member, "mobile,name\n8613800138000,\"Li\n8613800138001,\"Wang\"\n8613800138002,Zhao \"the\n8613800138003,#4\n#5,x\n");

        var preview = await PreviewAsync(member, import);

        Assert.False(preview.Layout.Quoted);
        Assert.Equal(new ImportCheck(5, 4, 0), preview.Check);
        await RunAsync(member, import, "Members");
        Assert.Equal("Wang", (await ListAsync(member, "Members", "8613800138001")).Rows[0].Fields["name"]);
    }

    [Fact]
    public async Task An_import_shows_as_waiting_until_it_is_thrown_away()
    {
        var member = await Fixture.NewTenantAsync();
        var import = await UploadAsync(member, "8613800138000\n8613800138001", @"C:\Users\me\people.csv");

        var waiting = Assert.Single(await Get<OpenImports>().RunAsync(member, None));
        Assert.Equal((import, "people.csv", ImportState.Uploaded, 2), (waiting.Id, waiting.FileName, waiting.State, waiting.Total));

        Assert.True((await Get<CancelImport>().RunAsync(member, import, None)).Ok);
        Assert.Empty(await Get<OpenImports>().RunAsync(member, None));
        Assert.Equal("import_closed", (await RunAsync2(member, import)).Problems[0].Code);
    }

    private Task<Result<ImportOutcome>> RunAsync2(Member member, Guid import) => Get<RunImport>().RunAsync(
        member, new(import, new CsvLayout(',', false), new ImportMapping(0, []), null, "Members", null), None);
}
