using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Localization;

namespace Portal.Web.Shell;

public partial class Frame
{
    private string? _name;

    [Inject] private IStringLocalizer<ShellText> L { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>What all addresses of this frame begin with: <c>/t/{slug}</c>, <c>/operator</c>.</summary>
    [Parameter, EditorRequired] public string Base { get; set; } = "";

    /// <summary>A word beside the brand: which part of the portal this is.</summary>
    [Parameter] public string? Mark { get; set; }

    /// <summary>Stands at the left of the head: whose pages these are.</summary>
    [Parameter] public RenderFragment? Where { get; set; }

    /// <summary>The page.</summary>
    [Parameter] public RenderFragment? ChildContent { get; set; }

    /// <summary>The navigation as the person may see it.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<NavGroup> Groups { get; set; } = [];

    private string Path => new Uri(Navigation.Uri).PathAndQuery;

    private string Below
    {
        get
        {
            var path = new Uri(Navigation.Uri).AbsolutePath;
            return path.StartsWith(Base, StringComparison.OrdinalIgnoreCase) ? path[Base.Length..].Trim('/') : path;
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (Authentication is not null)
            _name = (await Authentication).User.Identity?.Name;
    }

    private static string CaptionId(NavGroup group) => "nav-" + group.Caption!.Replace('.', '-').ToLowerInvariant();

    private string Address(NavEntry entry) => entry.Route.Length == 0 ? Base : $"{Base}/{entry.Route}";

    private bool IsActive(NavEntry entry) => entry.Holds(Below);
}
