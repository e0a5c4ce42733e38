using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Campaigns;
using Portal.Live;
using Portal.Tenants;
using Portal.Web.Shell;

namespace Portal.Web.Campaigns;

/// <summary>One schedule: what comes, what it made, and how it is steered.</summary>
public partial class ScheduleDetail
{
    private ScheduleView? _view;
    private ScheduleApproval? _approval;
    private LiveRefresh? _live;
    private string? _failed;
    private bool _loaded;
    private bool _busy;

    [Inject] private IStringLocalizer<SchedulesText> L { get; set; } = default!;

    [Inject] private IStringLocalizer<CampaignsText> Words { get; set; } = default!;

    [Inject] private IDialogService Dialogs { get; set; } = default!;

    [Inject] private LiveFeed Feed { get; set; } = default!;

    [Inject] private TimeProvider Clock { get; set; } = default!;

    [Inject] private SchedulePage Query { get; set; } = default!;

    [Inject] private ScheduleApprovals Approvals { get; set; } = default!;

    [Inject] private ApproveSchedule Approve { get; set; } = default!;

    [Inject] private PauseSchedule Pause { get; set; } = default!;

    [Inject] private ResumeSchedule Resume { get; set; } = default!;

    [Inject] private EndSchedule End { get; set; } = default!;

    [Inject] private SkipRun Skip { get; set; } = default!;

    /// <summary>The schedule's id, from the address.</summary>
    [Parameter] public Guid Id { get; set; }

    private bool MayChange => Role >= MemberRole.Sender;

    protected override async Task LoadAsync()
    {
        // Its campaigns, their sendings, its account: whatever moves in the tenant may be about a run of it.
        _live = new LiveRefresh(Feed, Tenant.Id, Clock, _ => true, () => InvokeAsync(RefreshAsync));
        await ReadAsync();
        await CountAsync();
        _loaded = true;
    }

    protected override void Dispose(bool disposing)
    {
        _live?.Dispose();
        base.Dispose(disposing);
    }

    private async Task ReadAsync() => _view = await Query.RunAsync(await MemberAsync(), Id, Stopping);

    // Not with each refresh: it counts people.
    private async Task CountAsync() => _approval = await Approvals.RunAsync(await MemberAsync(), Id, Stopping);

    private async Task RefreshAsync()
    {
        try
        {
            await ReadAsync();
            StateHasChanged();
        }
        catch (Exception e) when (!Stopping.IsCancellationRequested)
        {
            await DispatchExceptionAsync(e);
        }
    }

    private Task ApproveAsync() => WorkAsync(member => Approve.RunAsync(member, new(Id, _approval!.ChangedAt, _approval.People), Stopping));

    private Task PauseAsync() => WorkAsync(member => Pause.RunAsync(member, Id, Stopping));

    private Task ResumeAsync() => WorkAsync(member => Resume.RunAsync(member, Id, Stopping));

    private Task SkipAsync(RunAhead ahead) => WorkAsync(member => Skip.RunAsync(member, new(Id, ahead.Run.Wall, ahead.Skipped), Stopping));

    private async Task EndAsync()
    {
        if (await ConfirmDialog.AskAsync(Dialogs, L["End.Title", _view!.Name], L["End.Body"], L["End.Do"], danger: true, cancelText: L["End.Not"]))
            await WorkAsync(member => End.RunAsync(member, Id, Stopping));
    }

    private async Task WorkAsync(Func<Member, Task<Result<Guid>>> work)
    {
        if (_busy)
            return;
        (_busy, _failed) = (true, null);
        try
        {
            var result = await work(await MemberAsync());
            _failed = Words.Error(result.Problems, "");
            await ReadAsync();
            await CountAsync();
        }
        finally
        {
            _busy = false;
        }
    }
}
