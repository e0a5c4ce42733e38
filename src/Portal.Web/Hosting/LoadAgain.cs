using Microsoft.AspNetCore.Components;

namespace Portal.Web.Hosting;

/// <summary>
/// Has the browser load the page's address: the server then shows the page, sign-in, or why not. It ends the circuit, which
/// is what a refusal within one must do.
/// </summary>
public sealed class LoadAgain : ComponentBase
{
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    protected override void OnInitialized()
    {
        if (RendererInfo.IsInteractive)
            Navigation.NavigateTo(Navigation.Uri, forceLoad: true, replace: true);
    }
}
