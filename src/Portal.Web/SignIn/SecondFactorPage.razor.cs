using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Members;
using Portal.Web.Hosting;
using Portal.Web.Tenants;

namespace Portal.Web.SignIn;

/// <summary>Sets up an authenticator app: picture, a code of it, then the recovery codes, this once.</summary>
public partial class SecondFactorPage
{
    private bool _confirmed;
    private NewFactor? _factor;
    private IReadOnlyList<string>? _codes;
    private IReadOnlyList<Problem> _problems = [];

    [Inject] private AskConfirmed Confirmed { get; set; } = default!;

    [Inject] private BeginSecondFactor Begin { get; set; } = default!;

    [Inject] private ConfirmSecondFactor Confirm { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private IStringLocalizer<SignInText> L { get; set; } = default!;

    [CascadingParameter] private HttpContext Context { get; set; } = default!;

    [SupplyParameterFromForm] private FactorForm Form { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "returnUrl")] private string? ReturnUrl { get; set; }

    protected override async Task OnInitializedAsync()
    {
        Form ??= new();
        _confirmed = await Confirmed(SessionId.Of(Context.User)!, ConfirmPerson.Lasts, Context.RequestAborted);
        if (_confirmed)
            _factor = await Begin.RunAsync(Context.User.UserId()!.Value, Context.RequestAborted);
        else
            Navigation.NavigateTo("/account/confirm?returnUrl=" + Uri.EscapeDataString(new Uri(Navigation.Uri).PathAndQuery));
    }

    private static string Grouped(string key) => string.Join(' ', key.Chunk(4).Select(c => new string(c)));

    private async Task SubmitAsync()
    {
        if (!_confirmed)
            return;
        var result = await Confirm.RunAsync(Context.User.UserId()!.Value, SessionId.Of(Context.User)!, Form.Code, Context.OriginOf(), Context.RequestAborted);
        _problems = result.Problems;
        if (result.Ok)
            _codes = result.Value.Codes;
    }

    private sealed class FactorForm
    {
        public string Code { get; set; } = "";
    }
}
