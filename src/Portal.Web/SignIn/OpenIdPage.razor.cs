using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Portal.Members;
using Portal.Web.Tenants;

namespace Portal.Web.SignIn;

/// <summary>
/// Somebody came from the provider of OpenID Connect, and that account is linked to nobody here: a person with the same address signs
/// in as before and links it, an invited one joins, anybody else is told that there is nothing for them.
/// </summary>
public partial class OpenIdPage
{
    private OpenIdAccount? _account;
    private string _called = "";
    private bool _mayLink;
    private bool _hasPerson;
    private IReadOnlyList<InvitationView> _invitations = [];
    private IReadOnlyList<Problem> _problems = [];

    [Inject] private IOptions<OpenIdOptions> Settings { get; set; } = default!;

    [Inject] private OpenIdLogins Logins { get; set; } = default!;

    [Inject] private JoinByOpenId Join { get; set; } = default!;

    [Inject] private AskConfirmed Confirmed { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private IStringLocalizer<SignInText> L { get; set; } = default!;

    [CascadingParameter] private HttpContext Context { get; set; } = default!;

    [SupplyParameterFromForm] private JoinForm Form { get; set; } = default!;

    private Guid? User => Context.User.UserId();

    protected override async Task OnInitializedAsync()
    {
        Form ??= new();
        _account = await Context.OpenIdAsync();
        if (_account is null)
        {
            Navigation.NavigateTo("/account/sign-in");
            return;
        }
        _called = Settings.Value.Called;
        if (User is not null)
            await AskAsync();
        else if (!(_hasPerson = await Logins.HasPersonAsync(_account, Context.RequestAborted)))
            _invitations = await Join.InvitationsAsync(_account, Context.RequestAborted);
    }

    // The person has just signed in, or shows again who they are: a browser that was left open links nothing.
    private async Task AskAsync()
    {
        if (!string.Equals(_account!.Email, Context.User.Identity!.Name, StringComparison.OrdinalIgnoreCase))
            _problems = [new("", "openid_other")];
        else if (await Confirmed(SessionId.Of(Context.User)!, ConfirmPerson.Lasts, Context.RequestAborted))
            _mayLink = true;
        else
            Navigation.NavigateTo("/account/confirm?returnUrl=%2Faccount%2Fopenid");
    }

    private async Task LinkAsync()
    {
        if (!_mayLink)
            return;
        var result = await Logins.LinkAsync(User!.Value, _account!, Context.OriginOf(), Context.RequestAborted);
        _problems = result.Problems;
        if (!result.Ok)
            return;
        await Context.SignOutAsync(OpenIdSetup.Arrived);
        Navigation.NavigateTo("/account/security");
    }

    private async Task JoinAsync(InvitationView invitation)
    {
        var result = await Join.RunAsync(_account!, invitation.Id, Form.Name ?? "", Context.OriginOf(), Context.RequestAborted);
        _problems = result.Problems;
        if (!result.Ok)
            return;
        await Context.SignOutAsync(OpenIdSetup.Arrived);
        await Context.SignInAsync(result.Value.Person, SignInBy.OpenId);
        Navigation.NavigateTo($"/t/{result.Value.Slug}");
    }

    private sealed class JoinForm
    {
        public string? Name { get; set; }
    }
}
