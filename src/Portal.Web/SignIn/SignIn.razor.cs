using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Portal.Members;
using Portal.Web.Hosting;

namespace Portal.Web.SignIn;

/// <summary>E-mail address and password, or a passkey. One answer for an unknown address, a wrong password and too many attempts.</summary>
public partial class SignIn
{
    private bool _refused;
    private bool _passkeyRefused;

    [Inject] private CheckPassword Check { get; set; } = default!;

    [Inject] private CheckSecondFactor SecondFactor { get; set; } = default!;

    [Inject] private StepCookie Step { get; set; } = default!;

    [Inject] private PasskeyCeremony Ceremony { get; set; } = default!;

    [Inject] private Passkeys Passkeys { get; set; } = default!;

    [Inject] private IOptions<OpenIdOptions> OpenId { get; set; } = default!;

    [Inject] private ILogger<SignIn> Log { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private IStringLocalizer<SignInText> L { get; set; } = default!;

    [CascadingParameter] private HttpContext Context { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "sign-in")] private SignInForm Form { get; set; } = default!;

    /// <summary>What led here: <c>reset</c> after a new password.</summary>
    [SupplyParameterFromQuery(Name = "done")] private string? Done { get; set; }

    [SupplyParameterFromQuery(Name = "returnUrl")] private string? ReturnUrl { get; set; }

    protected override void OnInitialized()
    {
        Form ??= new();
        // A second sign-in would go into the first one's session: sign out before.
        if (Context.User.Identity is { IsAuthenticated: true })
            Navigation.NavigateTo("/");
    }

    private async Task SubmitAsync()
    {
        if (Context.User.Identity is { IsAuthenticated: true })
            return;
        var person = await Check.RunAsync(Form.Email, Form.Password, Context.NetworkOf(), Context.RequestAborted);
        if (person is null)
        {
            SignInLog.PasswordRefused(Log, SignInNames.Of(Form.Email), Context.NetworkOf());
            _refused = true;
            return;
        }
        if (await SecondFactor.IsAskedAsync(person.UserId, Context.RequestAborted))
        {
            Step.Set(Context, new(person.UserId, person.Stamp, Form.Remember));
            Navigation.NavigateTo("/account/second-step?returnUrl=" + Uri.EscapeDataString(LocalPath.Of(ReturnUrl)));
            return;
        }
        await Context.SignInAsync(person, SignInBy.Password, Form.Remember);
        Navigation.NavigateTo(LocalPath.Of(ReturnUrl));
    }

    private async Task ByPasskeyAsync(string credential)
    {
        if (Context.User.Identity is { IsAuthenticated: true })
            return;
        if (await Ceremony.FinishRequestAsync(Context, credential) is not { } used)
        {
            _passkeyRefused = true;
            return;
        }
        await Context.SignInAsync(await Passkeys.UsedAsync(used.UserId, used.Passkey), SignInBy.Passkey);
        Navigation.NavigateTo(LocalPath.Of(ReturnUrl));
    }

    private sealed class SignInForm
    {
        public string Email { get; set; } = "";

        public string Password { get; set; } = "";

        public bool Remember { get; set; }
    }
}
