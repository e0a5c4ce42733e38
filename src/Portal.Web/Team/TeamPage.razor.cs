using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Live;
using Portal.Members;
using Portal.Tenants;
using Portal.Web.Mail;
using Portal.Web.Shell;
using Portal.Web.SignIn;

namespace Portal.Web.Team;

/// <summary>The people of a tenant: who is in, who is invited. Everybody reads it, managers change it.</summary>
public partial class TeamPage
{
    private TeamView? _view;
    private Guid _me;
    private string? _failed;
    private LiveRefresh? _live;

    [Inject] private IStringLocalizer<TeamText> L { get; set; } = default!;

    [Inject] private IDialogService Dialogs { get; set; } = default!;

    [Inject] private ConfirmAgain Confirm { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private MailSetup Mail { get; set; } = default!;

    [Inject] private LiveFeed Feed { get; set; } = default!;

    [Inject] private TimeProvider Clock { get; set; } = default!;

    [Inject] private Portal.Members.Team Team { get; set; } = default!;

    [Inject] private ChangeRole Change { get; set; } = default!;

    [Inject] private DemandSecondFactor Factor { get; set; } = default!;

    [Inject] private RemoveMember Remove { get; set; } = default!;

    [Inject] private InviteMember Invite { get; set; } = default!;

    [Inject] private ResendInvitation Resend { get; set; } = default!;

    [Inject] private WithdrawInvitation Withdraw { get; set; } = default!;

    private bool MayChange => Role >= MemberRole.Manager;

    protected override async Task LoadAsync()
    {
        _live ??= new LiveRefresh(Feed, Tenant.Id, Clock, subject => subject == Tenant.Id, () => InvokeAsync(RefreshAsync));
        var member = await MemberAsync();
        (_view, _me) = (await Team.RunAsync(member, Stopping), member.UserId);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _live?.Dispose();
        base.Dispose(disposing);
    }

    private async Task RefreshAsync()
    {
        try
        {
            await LoadAsync();
            StateHasChanged();
        }
        catch (NotAllowedException)
        {
            // Taken out just now: the circuit is ended by its own watch.
        }
        catch (Exception e) when (!Stopping.IsCancellationRequested)
        {
            await DispatchExceptionAsync(e);
        }
    }

    private async Task ChangeRoleAsync(TeamMember person)
    {
        if (await RoleDialog.AskAsync(Dialogs, L["ChangeRole.Title", person.Name], person.Role, Role) is { } role)
            await TellAsync(m => Change.RunAsync(m, person.UserId, role, Stopping));
    }

    private async Task DemandAsync(bool demand)
    {
        var without = _view!.Members.Count(m => m.HasFactor == false);
        var (title, what, act) = demand
            ? (L["Factor.DemandTitle"], L["Factor.DemandBody", without, _view.Members.Count], L["Factor.Demand"])
            : (L["Factor.LetGoTitle"], L["Factor.LetGoBody"], L["Factor.LetGo"]);
        if (!await ConfirmDialog.AskAsync(Dialogs, title, what, act, danger: !demand) || !await Confirm.EnsureAsync(Dialogs, Stopping))
            return;
        var result = await Factor.RunAsync(await MemberAsync(), demand, Stopping);
        _failed = result.Ok ? null : L["Problem_" + result.Problems[0].Code, result.Problems[0].Values].Value;
        // Whether this session still comes in is the server's to say.
        if (result.Ok && demand)
            Navigation.Refresh(forceReload: true);
        else
            await LoadAsync();
    }

    private async Task RemoveAsync(TeamMember person)
    {
        var self = person.UserId == _me;
        var (title, what, act) = self
            ? (L["Leave.Title", Tenant.Name], L["Leave.What"], L["Leave"])
            : (L["Remove.Title", person.Name, Tenant.Name], L["Remove.What", person.Email], L["Remove"]);
        if (!await ConfirmDialog.AskAsync(Dialogs, title, what, act, danger: true))
            return;
        if (await TellAsync(m => Remove.RunAsync(m, person.UserId, Stopping)) && self)
            Navigation.NavigateTo("/", forceLoad: true);
    }

    private async Task<IReadOnlyList<Problem>> InviteAsync(string email, MemberRole role)
    {
        _failed = null;
        if (!await Confirm.EnsureAsync(Dialogs, Stopping))
            return [new("", "not_confirmed")];
        var result = await Invite.RunAsync(await MemberAsync(), new(email, role, CultureInfo.CurrentUICulture.Name), Stopping);
        if (result.Ok)
            await LoadAsync();
        StateHasChanged();
        return result.Problems;
    }

    private Task ResendAsync(TeamInvitation invitation) => TellAsync(m => Resend.RunAsync(m, invitation.Id, Stopping));

    private async Task WithdrawAsync(TeamInvitation invitation)
    {
        if (await ConfirmDialog.AskAsync(Dialogs, L["Withdraw.Title", invitation.Email], L["Withdraw.What"], L["Withdraw"]))
            await TellAsync(m => Withdraw.RunAsync(m, invitation.Id, Stopping));
    }

    private async Task<bool> TellAsync(Func<Member, Task<Result<Guid>>> work)
    {
        if (!await Confirm.EnsureAsync(Dialogs, Stopping))
            return false;
        var result = await work(await MemberAsync());
        _failed = result.Ok ? null : L["Problem_" + result.Problems[0].Code, result.Problems[0].Values].Value;
        // Who has left themselves, or is no manager any more, may read it no longer.
        if (!result.Ok || result.Value != _me)
            await LoadAsync();
        return result.Ok;
    }
}
