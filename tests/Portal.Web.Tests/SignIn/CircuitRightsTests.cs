using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Members;
using Portal.Tenants;
using Portal.Web.SignIn;
using Portal.Web.Tenants;

namespace Portal.Web.Tests.SignIn;

public sealed class CircuitRightsTests : PortalContext
{
    private static readonly Guid _user = Guid.NewGuid();
    private static readonly ClaimsPrincipal _person = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, _user.ToString()), new(SessionId.Claim, "AAAA")], "test"));

    private readonly CircuitTenant _tenant = new();
    private bool _alive = true;
    private bool _strong = true;
    private bool _operator = true;
    private TenantMembership? _acting;
    private TenantMembership? _membership = Membership(MemberRole.Manager);

    [Fact]
    public async Task A_member_goes_on()
    {
        Enter();

        Assert.True(await MayGoOnAsync());
    }

    [Fact]
    public async Task A_session_that_has_ended_ends_the_circuit()
    {
        Enter();
        _alive = false;

        Assert.False(await MayGoOnAsync());
    }

    [Theory]
    [InlineData(MemberRole.Viewer)]
    [InlineData(MemberRole.Owner)]
    public async Task Another_role_ends_the_circuit_so_that_it_is_drawn_anew(MemberRole now)
    {
        Enter();
        _membership = Membership(now);

        Assert.False(await MayGoOnAsync());
    }

    [Fact]
    public async Task A_member_who_was_taken_out_and_a_suspended_tenant_end_the_circuit()
    {
        Enter();
        _membership = _membership! with { State = TenantState.Suspended };
        Assert.False(await MayGoOnAsync());

        _membership = null;
        Assert.False(await MayGoOnAsync());
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(true, true, true)]
    [InlineData(false, false, true)]
    public async Task Where_two_factors_are_demanded_a_session_with_one_ends(bool demanded, bool strong, bool goesOn)
    {
        Enter();
        _membership = _membership! with { DemandsFactor = demanded };
        _strong = strong;

        Assert.Equal(goesOn, await MayGoOnAsync());
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    public async Task The_operators_pages_end_with_the_right_and_with_the_second_factor(bool isOperator, bool strong, bool goesOn)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/operator/tenants");
        (_operator, _strong) = (isOperator, strong);

        Assert.Equal(goesOn, await MayGoOnAsync());
    }

    [Fact]
    public async Task An_operator_goes_on_while_acting_for_the_tenant_and_no_longer()
    {
        _membership = null;
        _acting = Membership(MemberRole.Viewer) with { Acting = new(Now.AddMinutes(60), "ticket 7") };
        _tenant.TryEnter("lantern");
        _tenant.Drawn(MemberRole.Viewer);
        Assert.True(await MayGoOnAsync());

        _acting = null;
        Assert.False(await MayGoOnAsync());
    }

    [Fact]
    public async Task A_stranger_does_not_go_on() => Assert.False(await Rights().MayGoOnAsync(new(new ClaimsIdentity()), CancellationToken.None));

    private static TenantMembership Membership(MemberRole role) =>
        new(Guid.NewGuid(), "lantern", "Lantern Tea Co.", TenantState.Active, null, "Asia/Shanghai", "CN", _user, "Lin Yue", role);

    private void Enter()
    {
        _tenant.TryEnter("lantern");
        _tenant.Drawn(MemberRole.Manager);
    }

    private Task<bool> MayGoOnAsync() => Rights().MayGoOnAsync(_person, CancellationToken.None);

    private CircuitRights Rights() => new(
        (_, _) => Task.FromResult(_alive),
        (_, _) => Task.FromResult(_strong),
        new(
            (slug, user, _) => Task.FromResult(slug == "lantern" && user == _user ? _membership : null),
            (slug, user, session, _) => Task.FromResult(slug == "lantern" && user == _user && session.Length > 0 ? _acting : null),
            (_, _) => Task.FromResult(_strong)),
        (user, _) => Task.FromResult(_operator ? new Operator(user, "Olive") : null),
        _tenant,
        Services.GetRequiredService<NavigationManager>());
}
