using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Members;

namespace Portal.Web.SignIn;

/// <summary>Where the link of an invitation leads: a new person chooses a name and a password, a known one signs in and joins.</summary>
public partial class AcceptPage
{
    private InvitationView? _invitation;
    private IReadOnlyList<Problem> _problems = [];

    [Inject] private OpenInvitations Open { get; set; } = default!;

    [Inject] private AcceptInvitation Accept { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private IStringLocalizer<SignInText> L { get; set; } = default!;

    [CascadingParameter] private HttpContext Context { get; set; } = default!;

    [SupplyParameterFromForm] private AcceptForm Form { get; set; } = default!;

    private string? SignedInName => Context.User.Identity is { IsAuthenticated: true, Name: { } name } ? name : null;

    protected override async Task OnInitializedAsync()
    {
        Form ??= new();
        if (Form.Code.Length == 0)
            return;
        _invitation = await Open.ByCodeAsync(Form.Code, Context.RequestAborted);
        if (_invitation is null)
            _problems = [new("", "invitation_gone")];
    }

    private async Task SubmitAsync()
    {
        if (_invitation is null || Form.Password is null || SignedInName is not null)
            return;
        var result = await Accept.RunAsync(new(Form.Code, Form.Name ?? "", Form.Password), Context.OriginOf(), Context.RequestAborted);
        _problems = result.Problems;
        if (!result.Ok)
            return;
        await Context.SignInAsync(result.Value.Person, SignInBy.Invitation);
        Navigation.NavigateTo($"/t/{result.Value.Slug}");
    }

    private sealed class AcceptForm
    {
        public string Code { get; set; } = "";

        public string? Name { get; set; }

        public string? Password { get; set; }
    }
}
