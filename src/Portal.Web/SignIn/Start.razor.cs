using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Members;
using Portal.Web.Tenants;

namespace Portal.Web.SignIn;

/// <summary>Where a person goes after signing in: to the only place they have, or they choose.</summary>
public partial class Start
{
    private IReadOnlyList<MembershipRow> _tenants = [];
    private IReadOnlyList<InvitationView> _invitations = [];
    private bool _isOperator;

    [Inject] private MembershipsOf Memberships { get; set; } = default!;

    [Inject] private OpenInvitations Open { get; set; } = default!;

    [Inject] private AcceptInvitation Accept { get; set; } = default!;

    [Inject] private FindOperator FindOperator { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private IStringLocalizer<SignInText> L { get; set; } = default!;

    [CascadingParameter] private HttpContext Context { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        // The fallback policy let nobody in who has no id.
        var user = Context.User.UserId()!.Value;
        _tenants = await Memberships.RunAsync(user, Context.RequestAborted);
        _isOperator = await FindOperator(user, Context.RequestAborted) is not null;
        _invitations = await Open.OfAsync(user, Context.RequestAborted);
        if (_invitations.Count > 0)
            return;
        if (_isOperator && _tenants.Count == 0)
            Navigation.NavigateTo("/operator/tenants");
        else if (!_isOperator && _tenants is [var only])
            Navigation.NavigateTo($"/t/{only.Slug}");
    }

    private async Task JoinAsync(InvitationView invitation)
    {
        var result = await Accept.JoinAsync(Context.User.UserId()!.Value, invitation.Id, Context.OriginOf(), Context.RequestAborted);
        // One that was withdrawn meanwhile is gone from the page when it is loaded again.
        Navigation.NavigateTo(result.Ok ? $"/t/{result.Value.Slug}" : "/");
    }
}
