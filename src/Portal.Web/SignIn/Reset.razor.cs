using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Members;

namespace Portal.Web.SignIn;

/// <summary>A new password with the code of a letter: first the code, which a script takes from behind the # of the link.</summary>
public partial class Reset
{
    private string? _email;
    private IReadOnlyList<Problem> _problems = [];

    [Inject] private ResetPassword ResetPassword { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private IStringLocalizer<SignInText> L { get; set; } = default!;

    [CascadingParameter] private HttpContext Context { get; set; } = default!;

    [SupplyParameterFromForm] private ResetForm Form { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        Form ??= new();
        if (Form.Code.Length == 0)
            return;
        _email = await ResetPassword.FindAsync(Form.Code, Context.RequestAborted);
        if (_email is null)
            _problems = [new("", "code_invalid")];
    }

    private async Task SubmitAsync()
    {
        if (_email is null || Form.Password is null)
            return;
        var result = await ResetPassword.RunAsync(Form.Code, Form.Password, Context.NetworkOf(), Context.RequestAborted);
        _problems = result.Problems;
        if (result.Ok)
            Navigation.NavigateTo("/account/sign-in?done=reset");
        else if (_problems[0].Field.Length == 0)
            _email = null;
    }

    private sealed class ResetForm
    {
        public string Code { get; set; } = "";

        public string? Password { get; set; }
    }
}
