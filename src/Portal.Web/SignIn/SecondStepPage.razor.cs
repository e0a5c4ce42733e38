using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Members;
using Portal.Web.Hosting;

namespace Portal.Web.SignIn;

/// <summary>After the password, for whoever has an authenticator app: a code of it, or a recovery code.</summary>
public partial class SecondStepPage
{
    private bool _refused;

    [Inject] private CheckSecondFactor Check { get; set; } = default!;

    [Inject] private FindPerson Find { get; set; } = default!;

    [Inject] private StepCookie Cookie { get; set; } = default!;

    [Inject] private ILogger<SecondStepPage> Log { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private IStringLocalizer<SignInText> L { get; set; } = default!;

    [CascadingParameter] private HttpContext Context { get; set; } = default!;

    [SupplyParameterFromForm] private StepForm Form { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "returnUrl")] private string? ReturnUrl { get; set; }

    protected override void OnInitialized()
    {
        Form ??= new();
        if (Cookie.Read(Context) is null || Context.User.Identity is { IsAuthenticated: true })
            Navigation.NavigateTo("/account/sign-in");
    }

    private async Task SubmitAsync()
    {
        if (Cookie.Read(Context) is not { } step || Context.User.Identity is { IsAuthenticated: true })
            return;
        var right = await Check.RunAsync(step.UserId, Form.Code, Context.OriginOf(), Context.RequestAborted) != SecondStep.Wrong;
        if (!right || await Find.RunAsync(step.UserId, Context.RequestAborted) is not { } person || person.Stamp != step.Stamp)
        {
            SignInLog.StepRefused(Log, step.UserId, Context.NetworkOf());
            _refused = true;
            return;
        }
        Cookie.Clear(Context);
        await Context.SignInAsync(person, SignInBy.SecondStep, step.Remember);
        Navigation.NavigateTo(LocalPath.Of(ReturnUrl));
    }

    private sealed class StepForm
    {
        public string Code { get; set; } = "";
    }
}
