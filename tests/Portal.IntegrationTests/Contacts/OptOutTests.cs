using Portal.Contacts;

namespace Portal.IntegrationTests.ContactsTests;

public sealed class OptOutTests(PortalFixture fixture) : ContactsRig(fixture), IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Numbers_are_opted_out_once_and_what_cannot_be_read_is_given_back()
    {
        var member = await Fixture.NewTenantAsync();

        var first = (await Get<SuppressNumbers>().RunAsync(member, new("+86 138 0013 8000, 138001\n8613800138001；hello", SuppressionReason.OptedOut), None)).Value;
        var second = (await Get<SuppressNumbers>().RunAsync(member, new("13800138000\n13800138002", SuppressionReason.Complained, "CN"), None)).Value;

        Assert.Equal((2, 0), (first.Added, first.Known));
        Assert.Equal([new("138001", "no_country"), new("hello", "not_a_number")], first.Refused);
        Assert.Equal((1, 1, 0), (second.Added, second.Known, second.Refused.Count));
        var page = await Get<SuppressionsPage>().RunAsync(member, new("86138001380"), None);
        Assert.Equal((3L, 3L), (page.All, page.Matching));
        Assert.Equal(SuppressionReason.OptedOut, page.Rows.Single(r => r.Number == "8613800138000").Reason);
        Assert.Equal(["number_suppressed 2|opted_out", "number_suppressed 1|complained"], await AuditAsync(member));
    }

    [Theory]
    [InlineData("  \n ", null, "Text", "paste_empty")]
    [InlineData("13800138000\n13800138001", null, "Text", "numbers_no_country")]
    [InlineData("hello", "CN", "Text", "numbers_none")]
    [InlineData("8613800138000", "XX", "Region", "region_unknown")]
    public async Task Nothing_to_opt_out_is_refused_at_its_field(string text, string? region, string field, string code)
    {
        var member = await Fixture.NewTenantAsync();

        var problem = (await Get<SuppressNumbers>().RunAsync(member, new(text, SuppressionReason.Manual, region), None)).Problems[0];

        Assert.Equal((field, code), (problem.Field, problem.Code));
        Assert.Equal(0, await CountAsync("suppressions", member));
    }

    [Fact]
    public async Task An_opt_out_can_be_undone_once()
    {
        var member = await Fixture.NewTenantAsync();
        await Get<SuppressNumbers>().RunAsync(member, new("8613800138000", SuppressionReason.Manual), None);

        Assert.True((await Get<UnsuppressNumber>().RunAsync(member, "8613800138000", None)).Ok);

        Assert.Equal("optout_gone", (await Get<UnsuppressNumber>().RunAsync(member, "8613800138000", None)).Problems[0].Code);
        Assert.Equal(0, await CountAsync("suppressions", member));
        Assert.Equal(["number_suppressed 1|manual", "number_unsuppressed manual"], await AuditAsync(member));
    }

    [Fact]
    public async Task A_list_says_how_many_of_its_people_are_opted_out()
    {
        var member = await Fixture.NewTenantAsync();
        await ImportAsync(member, "8613800138000\n8613800138001\n8613800138002", "Members");
        await ImportAsync(member, "8613800138002", "Guests");
        await Get<SuppressNumbers>().RunAsync(member, new("8613800138000\n8613800138001\n8613800138009", SuppressionReason.Manual), None);

        var lists = await Get<Lists>().RunAsync(member, None);

        Assert.Equal([("Guests", 1L, 0L), ("Members", 3L, 2L)], lists.Select(l => (l.Name, l.Contacts, l.Suppressed)));
        var view = await ListAsync(member, "Members");
        Assert.Equal(2, view.Suppressed);
        Assert.Equal([true, true, false], view.Rows.Select(r => r.Suppressed));
        Assert.Equal(new ContactTotals(3, 2, 3), await Get<ContactCounts>().RunAsync(member, None));
    }
}
