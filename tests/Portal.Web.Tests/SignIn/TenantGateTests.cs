using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Portal.Members;
using Portal.Tenants;
using Portal.Web.Tenants;

namespace Portal.Web.Tests.SignIn;

public sealed class TenantGateTests : PortalContext
{
    private static readonly Guid _user = Guid.NewGuid();
    private TenantMembership? _membership = Membership("lantern-tea", TenantState.Active);

    public TenantGateTests()
    {
        Services.AddSingleton<FindMembership>((slug, user, _) => Task.FromResult(_membership is { } m && m.Slug == slug && user == _user ? m : null));
        Services.AddSingleton<FindActing>((_, _, _, _) => Task.FromResult<TenantMembership?>(null));
        Services.AddSingleton<AskStrong>((_, _) => Task.FromResult(false));
        Services.AddSingleton<TenantDoor>();
        Services.AddSingleton<AuthenticationStateProvider>(new SignedInAs(_user));
        Services.AddSingleton<AskConfirmed>((_, _, _) => Task.FromResult(true));
        Services.AddScoped<CircuitTenant>();
        Services.AddScoped<CurrentTenant>();
        SetRendererInfo(new("Server", isInteractive: true));
    }

    private BunitNavigationManager Navigation => Services.GetRequiredService<BunitNavigationManager>();

    [Fact]
    public void A_member_finds_the_page_with_the_tenant_known()
    {
        var page = Open("lantern-tea");

        Assert.Equal("Lantern Tea Co. Asia/Shanghai Manager", page.Find("p").TextContent);
        Assert.Empty(Navigation.History);
    }

    [Fact]
    public void A_foreign_tenant_begins_no_page_and_asks_the_server()
    {
        var page = Open("grey-co");

        Assert.Empty(page.FindAll("p"));
        Assert.True(Assert.Single(Navigation.History).Options.ForceLoad);
    }

    [Fact]
    public void A_suspended_tenant_begins_no_page_and_asks_the_server()
    {
        _membership = Membership("lantern-tea", TenantState.Suspended);

        var page = Open("lantern-tea");

        Assert.Empty(page.FindAll("p"));
        Assert.True(Assert.Single(Navigation.History).Options.ForceLoad);
    }

    [Fact]
    public void A_second_tenant_in_the_same_circuit_is_a_page_load_even_for_its_member()
    {
        Open("lantern-tea");
        _membership = Membership("grey-co", TenantState.Active);

        var page = Open("grey-co");

        Assert.Empty(page.FindAll("p"));
        Assert.True(Assert.Single(Navigation.History).Options.ForceLoad);
    }

    [Fact]
    public async Task A_tenant_that_demands_two_factors_begins_no_page_and_does_nothing_for_a_session_with_one()
    {
        var open = Open("lantern-tea").FindComponent<Probe>().Instance;
        _membership = _membership! with { DemandsFactor = true };
        await Assert.ThrowsAsync<NotAllowedException>(open.ActAsync);

        Assert.Empty(Open("lantern-tea").FindAll("p"));
        Assert.True(Navigation.History.First().Options.ForceLoad);
    }

    [Fact]
    public async Task An_operation_after_the_membership_ended_is_refused()
    {
        var page = Open("lantern-tea").FindComponent<Probe>().Instance;
        Assert.Equal(MemberRole.Manager, (await page.ActAsync()).Role);

        _membership = null;

        await Assert.ThrowsAsync<NotAllowedException>(page.ActAsync);
    }

    private static TenantMembership Membership(string slug, TenantState state) =>
        new(Guid.NewGuid(), slug, slug == "lantern-tea" ? "Lantern Tea Co." : "Grey Co.", state, null, "Asia/Shanghai", "CN", _user, "Lin Yue", MemberRole.Manager);

    private IRenderedComponent<TenantGate> Open(string slug) => Render<TenantGate>(p => p
        .Add(g => g.Route, new(typeof(Probe), new Dictionary<string, object?> { ["Slug"] = slug }))
        .AddChildContent<Probe>(c => c.Add(x => x.Slug, slug)));

    private sealed class SignedInAs(Guid user) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() =>
            Task.FromResult(new AuthenticationState(new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, user.ToString())], "test"))));
    }

    public sealed class Probe : TenantPage
    {
        public Task<Member> ActAsync() => MemberAsync();

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "p");
            builder.AddContent(1, $"{Tenant.Name} {Tenant.TimeZone} {Role}");
            builder.CloseElement();
        }
    }
}
