using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Members;
using Portal.Web.Hosting;
using Portal.Web.Tenants;

namespace Portal.Web.SignIn;

/// <summary>A person who is signed in shows again who they are, before something that a borrowed browser must not do.</summary>
public partial class ConfirmPage
{
    private bool _refused;

    [Inject] private ConfirmPerson Confirm { get; set; } = default!;

    [Inject] private PasskeyCeremony Ceremony { get; set; } = default!;

    [Inject] private Passkeys Passkeys { get; set; } = default!;

    [Inject] private ILogger<ConfirmPage> Log { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private IStringLocalizer<SignInText> L { get; set; } = default!;

    [CascadingParameter] private HttpContext Context { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "confirm")] private ConfirmForm Form { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "returnUrl")] private string? ReturnUrl { get; set; }

    private Guid User => Context.User.UserId()!.Value;

    private byte[] Session => SessionId.Of(Context.User)!;

    protected override void OnInitialized() => Form ??= new();

    private async Task ByPasswordAsync() =>
        GoOn(await Confirm.ByPasswordAsync(User, Session, Form.Password, Context.NetworkOf(), Context.RequestAborted), SignInBy.Password);

    private async Task ByPasskeyAsync(string credential)
    {
        var answer = await Ceremony.FinishRequestAsync(Context, credential);
        if (answer is { } used && used.UserId == User)
        {
            await Passkeys.UsedAsync(User, used.Passkey);
            await Confirm.ByPasskeyAsync(User, Session, Context.RequestAborted);
        }
        GoOn(answer?.UserId == User, SignInBy.Passkey);
    }

    private void GoOn(bool confirmed, SignInBy how)
    {
        _refused = !confirmed;
        if (confirmed)
            SignInLog.Confirmed(Log, User, how.ToString(), Context.NetworkOf());
        else
            SignInLog.NotConfirmed(Log, User, Context.NetworkOf());
        if (confirmed)
            Navigation.NavigateTo(LocalPath.Of(ReturnUrl));
    }

    private sealed class ConfirmForm
    {
        public string Password { get; set; } = "";
    }
}
