using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Portal.Members;
using Portal.Web.Shell;
using Portal.Web.Tenants;

namespace Portal.Web.SignIn;

/// <summary>
/// Before a page changes secrets or members: the person showed who they are within the last minutes, or is asked for the password
/// here and now, so that nothing typed is lost. The use case checks again.
/// </summary>
public sealed class ConfirmAgain(AuthenticationStateProvider authentication, AskConfirmed confirmed)
{
    // A little less than what the use case asks: an operation that begins now still finds it.
    private static readonly TimeSpan _within = ConfirmPerson.Lasts - TimeSpan.FromSeconds(20);

    /// <summary>False: the person did not.</summary>
    public async Task<bool> EnsureAsync(IDialogService dialogs, CancellationToken ct)
    {
        var person = (await authentication.GetAuthenticationStateAsync()).User;
        if (person.UserId() is not { } user || SessionId.Of(person) is not { } session)
            return false;
        return await confirmed(session, _within, ct) || await ConfirmPersonDialog.AskAsync(dialogs, user, session);
    }
}
