using Microsoft.AspNetCore.Components;
using Portal.Members;
using Portal.Tenants;
using Portal.Web.Shell;

namespace Portal.Web.Tenants;

/// <summary>Lets a page of a tenant begin, with the tenant known, or has the browser load its address from the server.</summary>
public partial class TenantGate
{
    /// <summary>The parameter in the routes of tenant pages.</summary>
    public const string SlugKey = nameof(TenantPage.Slug);

    private string? _slug;
    private TenantContext? _tenant;
    private ShellTenant? _shell;
    private bool _refused;

    [Inject] private CurrentTenant Current { get; set; } = default!;

    [Inject] private CircuitTenant Circuit { get; set; } = default!;

    [Parameter, EditorRequired] public Microsoft.AspNetCore.Components.RouteData Route { get; set; } = default!;

    [Parameter] public RenderFragment? ChildContent { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        _slug = Route.RouteValues.TryGetValue(SlugKey, out var value) ? value as string : null;
        if (_slug is null)
            return;
        var membership = Circuit.TryEnter(_slug) ? await Current.MembershipAsync(_slug) : null;
        var active = membership is { IsOpen: true };
        _refused = !active;
        Enter(active ? membership : null);
    }

    private void Enter(TenantMembership? membership)
    {
        if (membership is not null)
            Circuit.Drawn(membership.Role);
        // Records compare by value: what did not change renders nothing anew.
        _tenant = membership is null ? null : TenantContext.Of(membership);
        _shell = membership is null ? null : new(membership.Slug, membership.Name, membership.TimeZone, membership.Role, membership.Trial, membership.DeleteAt, membership.Acting);
    }
}
