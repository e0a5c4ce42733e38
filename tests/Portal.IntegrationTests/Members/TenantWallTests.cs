using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Portal.Members;

namespace Portal.IntegrationTests.Members;

[Collection(WholePortal.Name)]
public sealed class TenantWallTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Fact]
    public async Task A_foreign_tenant_and_none_at_all_give_the_same_page()
    {
        var mine = await NewTenantAsync();
        var foreign = await NewTenantAsync();
        var browser = await portal.SignedInAsync(mine.OwnerEmail);

        var wall = await browser.GetAsync($"/t/{foreign.Slug}/contacts");
        var nothing = await browser.GetAsync("/t/no-such-tenant/contacts");

        Assert.Equal(HttpStatusCode.NotFound, wall.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
        var said = await wall.Content.ReadAsStringAsync();
        Assert.Contains("Not found", said, StringComparison.Ordinal);
        Assert.Equal(
            Browser.Varying().Replace(await nothing.Content.ReadAsStringAsync(), "").Replace("no-such-tenant", "", StringComparison.Ordinal),
            Browser.Varying().Replace(said, "").Replace(foreign.Slug, "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_upload_to_a_foreign_tenant_is_not_found_either()
    {
        var foreign = await NewTenantAsync();
        var browser = await portal.SignedInAsync((await NewTenantAsync()).OwnerEmail);

        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync($"/t/{foreign.Slug}/imports", [])).StatusCode);
    }

    [Fact]
    public async Task The_only_tenant_is_where_one_arrives()
    {
        var tenant = await NewTenantAsync();
        var browser = await portal.SignedInAsync(tenant.OwnerEmail);

        var answer = await browser.GetAsync("/");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.EndsWith($"/t/{tenant.Slug}", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspended_tenant_says_so_with_the_reason_until_it_is_resumed()
    {
        var tenant = await NewTenantAsync();
        var browser = await portal.SignedInAsync(tenant.OwnerEmail);
        var suspended = await Use<SuspendTenant>().RunAsync(Operator.Console, tenant.Id, "The invoice of May is open.", CancellationToken.None);
        Assert.True(suspended.Ok);

        var answer = await browser.GetAsync($"/t/{tenant.Slug}/contacts");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("The invoice of May is open.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await Use<ResumeTenant>().RunAsync(Operator.Console, tenant.Id, CancellationToken.None);
        Assert.NotEqual(HttpStatusCode.Forbidden, (await browser.GetAsync($"/t/{tenant.Slug}/contacts")).StatusCode);
    }

    [Fact]
    public async Task A_member_who_was_taken_out_finds_nothing_at_once()
    {
        var tenant = await NewTenantAsync();
        var browser = await portal.SignedInAsync(tenant.OwnerEmail);
        await portal.Database.AdminAsync($"""
            insert into ident.memberships (tenant_id, user_id, role, created_at) values ('{tenant.Id}', '{(await portal.NewUserAsync()).Id}', 'owner', now());
            delete from ident.memberships m using ident.users u where m.tenant_id = '{tenant.Id}' and u.id = m.user_id and u.email = '{tenant.OwnerEmail}'
            """);

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/t/{tenant.Slug}/contacts")).StatusCode);
    }

    [Theory]
    [InlineData("/operator")]
    [InlineData("/operator/tenants")]
    [InlineData("/operator/jobs")]
    public async Task The_operators_pages_are_refused_to_tenants(string path)
    {
        var browser = await portal.SignedInAsync((await NewTenantAsync()).OwnerEmail);

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync(path)).StatusCode);
    }

    [Theory]
    [InlineData("/operator/tenants")]
    [InlineData("/operator/jobs")]
    public async Task The_operators_pages_open_for_operators_and_close_with_the_right(string path)
    {
        var browser = await portal.OperatorAsync();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(path)).StatusCode);

        await portal.Database.AdminAsync("update ident.users set is_operator = false");

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync(path)).StatusCode);
    }

    private T Use<T>() where T : notnull => portal.Services.GetRequiredService<T>();

    private async Task<CreatedTenant> NewTenantAsync()
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var slug = "t" + Guid.NewGuid().ToString("N")[..12];
        var result = await scope.ServiceProvider.GetRequiredService<CreateTenant>().RunAsync(
            Operator.Console, new("Company " + slug, slug, slug + "@example.test", OwnerPassword: RunningPortal.Password), CancellationToken.None);
        return result.Value;
    }
}
