using Portal.Contacts;
using Portal.Tenants;

namespace Portal.IntegrationTests.ContactsTests;

public sealed class ListTests(PortalFixture fixture) : ContactsRig(fixture), IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_list_is_made_renamed_and_taken_away_with_an_entry_for_each()
    {
        var member = await Fixture.NewTenantAsync();

        var id = (await Get<CreateList>().RunAsync(member, new(" Members "), None)).Value;
        Assert.True((await Get<RenameList>().RunAsync(member, new(id, "Guests"), None)).Ok);
        Assert.Equal("Guests", Assert.Single(await Get<Lists>().RunAsync(member, None)).Name);
        Assert.True((await Get<DeleteList>().RunAsync(member, id, None)).Ok);

        Assert.Empty(await Get<Lists>().RunAsync(member, None));
        Assert.Equal(["list_created Members", "list_renamed Members|Guests", "list_deleted Guests"], await AuditAsync(member));
        Assert.Equal("list_gone", (await Get<DeleteList>().RunAsync(member, id, None)).Problems[0].Code);
        Assert.Equal("list_gone", (await Get<RenameList>().RunAsync(member, new(id, "X"), None)).Problems[0].Code);
    }

    [Theory]
    [InlineData("   ", "list_name_empty")]
    [InlineData("Members", "list_name_taken")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123456789012345678901", "list_name_long")]
    public async Task A_name_that_cannot_be_taken_is_refused_at_its_field(string name, string code)
    {
        var member = await Fixture.NewTenantAsync();
        await Get<CreateList>().RunAsync(member, new("Members"), None);
        var other = (await Get<CreateList>().RunAsync(member, new("Others"), None)).Value;

        var created = (await Get<CreateList>().RunAsync(member, new(name), None)).Problems[0];
        var renamed = (await Get<RenameList>().RunAsync(member, new(other, name), None)).Problems[0];

        Assert.Equal(("Name", code), (created.Field, created.Code));
        Assert.Equal(("Name", code), (renamed.Field, renamed.Code));
    }

    [Fact]
    public async Task People_stay_when_their_list_goes()
    {
        var member = await Fixture.NewTenantAsync();
        await ImportAsync(member, "mobile\n8613800138000\n", "Members");

        await Get<DeleteList>().RunAsync(member, (await ListAsync(member, "Members")).Id, None);

        Assert.Equal(new ContactTotals(1, 0, 0), await Get<ContactCounts>().RunAsync(member, None));
    }

    [Fact]
    public async Task Nobody_below_sender_changes_anything()
    {
        var viewer = As(await Fixture.NewTenantAsync(), MemberRole.Viewer);

        await Assert.ThrowsAsync<NotAllowedException>(() => Get<CreateList>().RunAsync(viewer, new("X"), None));
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<RenameList>().RunAsync(viewer, new(Guid.NewGuid(), "X"), None));
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<DeleteList>().RunAsync(viewer, Guid.NewGuid(), None));
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<PasteNumbers>().RunAsync(viewer, new("8613800138000"), None));
        await Assert.ThrowsAsync<NotAllowedException>(() => UploadAsync(viewer, "x"u8.ToArray()));
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<PreviewImport>().RunAsync(viewer, new(Guid.NewGuid()), None));
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<CancelImport>().RunAsync(viewer, Guid.NewGuid(), None));
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<SuppressNumbers>().RunAsync(viewer, new("8613800138000", SuppressionReason.Manual), None));
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<UnsuppressNumber>().RunAsync(viewer, "8613800138000", None));
        await Assert.ThrowsAsync<NotAllowedException>(() => ProblemsAsync(viewer, Guid.NewGuid()));
    }

    [Fact]
    public async Task A_list_is_shown_by_page_and_found_by_how_a_number_begins()
    {
        var member = await Fixture.NewTenantAsync();
        var numbers = Enumerable.Range(0, 60).Select(i => $"86138001380{i:00}").Append("6581234567").Append("6591234567");
        await ImportAsync(member, "mobile,name\n" + string.Join('\n', numbers.Select((n, i) => $"{n},P{i}")), "Members");

        var first = await ListAsync(member, "Members");
        var second = await ListAsync(member, "Members", page: 2);
        var found = await ListAsync(member, "Members", search: "+65 8");
        var beyond = await ListAsync(member, "Members", search: "0065", page: 9);

        Assert.Equal((62, 62, 2, 50), (first.Contacts, first.Matching, first.Pages, first.Rows.Count));
        Assert.Equal(12, second.Rows.Count);
        Assert.Equal("+65 8123 4567", Assert.Single(found.Rows).Shown);
        Assert.Equal((2L, 1, 2), (beyond.Matching, beyond.Page, beyond.Rows.Count));
        Assert.Equal(["name"], first.Fields);
    }

    [Fact]
    public async Task Somebody_who_only_looks_sees_no_whole_number()
    {
        var member = await Fixture.NewTenantAsync();
        await ImportAsync(member, "8613800138000", "Members");
        await Get<SuppressNumbers>().RunAsync(member, new("8613800138000", SuppressionReason.OptedOut), None);
        var viewer = As(member, MemberRole.Viewer);

        var row = Assert.Single((await ListAsync(viewer, "Members")).Rows);
        var optOut = Assert.Single((await Get<SuppressionsPage>().RunAsync(viewer, new(), None)).Rows);

        Assert.Equal("+86 138 •••• 8000", row.Shown);
        Assert.Equal((null, "+86 138 •••• 8000"), (optOut.Number, optOut.Shown));
    }

    [Fact]
    public async Task Somebody_who_only_looks_cannot_find_the_hidden_digits_by_searching()
    {
        var member = await Fixture.NewTenantAsync();
        await ImportAsync(member, "8613800138000\n8615900159000", "Members");
        await Get<SuppressNumbers>().RunAsync(member, new("8613800138000", SuppressionReason.OptedOut), None);
        var viewer = As(member, MemberRole.Viewer);

        foreach (var (search, found) in ((string, int)[])[("86138001", 1), ("86138999", 1), ("8615", 1), ("8617", 0), ("86", 2)])
            Assert.Equal((search, found), (search, (await ListAsync(viewer, "Members", search: search)).Rows.Count));
        Assert.Single((await Get<SuppressionsPage>().RunAsync(viewer, new("86138999"), None)).Rows);
        Assert.Empty((await ListAsync(member, "Members", search: "86138999")).Rows);
    }

    [Fact]
    public async Task Fields_of_lists_count_each_person_once()
    {
        var member = await Fixture.NewTenantAsync();
        await ImportAsync(member, "mobile,name,city\n8613800138000,Li,\n8613800138001,Wang,Beijing\n", "A");
        await ImportAsync(member, "mobile,Order No.\n8613800138001,7\n8613800138002,8\n", "B");
        var lists = (await Get<Lists>().RunAsync(member, None)).Select(l => l.Id).ToArray();

        var fields = await Get<FieldsOf>().RunAsync(member, lists, None);

        Assert.Equal(3, fields.Contacts);
        Assert.Equal([new("city", 1), new("name", 2), new("order no", 2)], fields.Fields);
        Assert.Equal(0, (await Get<FieldsOf>().RunAsync(member, [], None)).Contacts);
    }

    [Fact]
    public async Task Another_tenant_sees_and_touches_nothing()
    {
        var (mine, foreign) = (await Fixture.NewTenantAsync(), await Fixture.NewTenantAsync());
        await ImportAsync(mine, "mobile\n8613800138000\n", "Members");
        await Get<SuppressNumbers>().RunAsync(mine, new("8613800138000", SuppressionReason.OptedOut), None);
        var list = (await ListAsync(mine, "Members")).Id;
        var waiting = await UploadAsync(mine, "mobile\n8613800138001\n");

        Assert.Empty(await Get<Lists>().RunAsync(foreign, None));
        Assert.Null(await Get<ListPage>().RunAsync(foreign, new(list), None));
        Assert.Equal(0, (await Get<FieldsOf>().RunAsync(foreign, [list], None)).Contacts);
        Assert.Equal(new ContactTotals(0, 0, 0), await Get<ContactCounts>().RunAsync(foreign, None));
        Assert.Equal("list_gone", (await Get<DeleteList>().RunAsync(foreign, list, None)).Problems[0].Code);
        Assert.Equal("optout_gone", (await Get<UnsuppressNumber>().RunAsync(foreign, "8613800138000", None)).Problems[0].Code);
        Assert.Equal("import_gone", (await Get<PreviewImport>().RunAsync(foreign, new(waiting), None)).Problems[0].Code);
        Assert.Equal("import_closed", (await Get<CancelImport>().RunAsync(foreign, waiting, None)).Problems[0].Code);
        Assert.Null(await Get<ImportStatus>().RunAsync(foreign, waiting, None));
        Assert.Empty(await Get<OpenImports>().RunAsync(foreign, None));
        var run = await Get<RunImport>().RunAsync(foreign, await SuggestedAsync(mine, waiting, "Members"), None);
        Assert.Equal("import_gone", run.Problems[0].Code);
        var own = await UploadAsync(foreign, "mobile\n8613800138001\n");
        var intoTheirs = await Get<RunImport>().RunAsync(foreign, (await SuggestedAsync(foreign, own, "X")) with { ListId = list }, None);
        Assert.Equal(("List", "list_gone"), (intoTheirs.Problems[0].Field, intoTheirs.Problems[0].Code));
        Assert.Equal(1, (await ListAsync(mine, "Members")).Contacts);
    }
}
