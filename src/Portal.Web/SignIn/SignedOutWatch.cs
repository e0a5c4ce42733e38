using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Portal.Web.SignIn;

/// <summary>Ends the circuit of a person who was signed out, suspended or taken out of the tenant, within seconds.</summary>
public sealed class SignedOutWatch : ComponentBase, IDisposable
{
    [Inject] private AuthenticationStateProvider Authentication { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    public void Dispose() => Authentication.AuthenticationStateChanged -= OnChanged;

    protected override void OnInitialized()
    {
        if (RendererInfo.IsInteractive)
            Authentication.AuthenticationStateChanged += OnChanged;
    }

    // The server decides what the address shows now: sign-in, "suspended", or "not found".
    private void OnChanged(Task<AuthenticationState> state) => _ = InvokeAsync(async () =>
    {
        if ((await state).User.Identity is not { IsAuthenticated: true })
            Navigation.NavigateTo(Navigation.Uri, forceLoad: true, replace: true);
    });
}
