using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Campaigns;
using Portal.Live;
using Portal.Tenants;
using Portal.Web.Shell;

namespace Portal.Web.Campaigns;

/// <summary>One campaign, live.</summary>
public partial class CampaignDetail
{
    private static readonly PeoplePage _nobody = new([], null);

    // Where each page of people began; the last is the one shown.
    private readonly List<PeopleCursor?> _cursors = [null];
    private CampaignView? _view;
    private PeoplePage _people = _nobody;
    private PersonState? _filter;
    private IReadOnlyList<Problem> _problems = [];
    private CampaignReview? _review;
    private Guid _me;
    private LiveRefresh? _live;
    private string? _failed;
    private bool _loaded;
    private bool _busy;

    [Inject] private IStringLocalizer<CampaignsText> L { get; set; } = default!;

    [Inject] private IDialogService Dialogs { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private LiveFeed Feed { get; set; } = default!;

    [Inject] private TimeProvider Clock { get; set; } = default!;

    [Inject] private IStringLocalizer<SchedulesText> Words { get; set; } = default!;

    [Inject] private MissedAnswers Answers { get; set; } = default!;

    [Inject] private CampaignPage Query { get; set; } = default!;

    [Inject] private CampaignPeople People { get; set; } = default!;

    [Inject] private UndoCampaign Undo { get; set; } = default!;

    [Inject] private ReviewCampaign Review { get; set; } = default!;

    [Inject] private ApproveCampaign Approve { get; set; } = default!;

    [Inject] private DeclineCampaign Decline { get; set; } = default!;

    [Inject] private PauseCampaign Pause { get; set; } = default!;

    [Inject] private ResumeCampaign Resume { get; set; } = default!;

    [Inject] private CancelCampaign Cancel { get; set; } = default!;

    [Inject] private RetryRefused Retry { get; set; } = default!;

    [Inject] private DuplicateCampaign Duplicate { get; set; } = default!;

    /// <summary>The campaign's id, from the address.</summary>
    [Parameter] public Guid Id { get; set; }

    /// <summary>Which people are shown: a word of <see cref="PersonState"/>.</summary>
    [SupplyParameterFromQuery] public string? Show { get; set; }

    private bool MayChange => Role >= MemberRole.Sender;

    protected override async Task LoadAsync()
    {
        _filter = Enum.TryParse<PersonState>(Show, ignoreCase: true, out var filter) ? filter : null;
        _live = new LiveRefresh(Feed, Tenant.Id, Clock, Concerns, () => InvokeAsync(RefreshAsync));
        await ReadAsync();
        _loaded = true;
        if (_view is { Line.Status: CampaignStatus.Draft } && MayChange)
            Navigation.NavigateTo(Url($"campaigns/{Id}/edit"), replace: true);
        else
            _ = WatchStartAsync();
    }

    protected override void Dispose(bool disposing)
    {
        _live?.Dispose();
        base.Dispose(disposing);
    }

    private bool Concerns(Guid subject) => subject == Id || subject == _view?.SendingId || subject == _view?.AccountId;

    private async Task ReadAsync()
    {
        var member = await MemberAsync();
        _me = member.UserId;
        _view = await Query.RunAsync(member, Id, Stopping);
        _review = _view?.Approval is not null && member.Is(MemberRole.Sender) ? await Review.RunAsync(member, Id, Stopping) : null;
        _people = _view?.SendingId is null ? _nobody : await People.RunAsync(member, new(Id, _filter, _cursors[^1]), Stopping);
    }

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

    // While a start is near the seconds are counted down; the start itself may happen on another instance.
    private async Task WatchStartAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(Stopping))
            {
                if (_view is not { Line.Status: CampaignStatus.Scheduled, DueAt: { } due })
                    continue;
                if (due <= Clock.GetUtcNow())
                    await RefreshAsync();
                else
                    StateHasChanged();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }

    private Task UndoAsync() => WorkAsync(
        async member => await Undo.RunAsync(member, Id, Stopping), done: _ => Navigation.NavigateTo(Url($"campaigns/{Id}/edit?step=review")));

    private Task ApproveAsync() => WorkAsync(member => Approve.RunAsync(member, new(Id, _view!.Approval!.AskedAt), Stopping));

    private Task DeclineAsync(string note) => WorkAsync(member => Decline.RunAsync(member, new(Id, _view!.Approval!.AskedAt, note), Stopping));

    private Task PauseAsync() => WorkAsync(member => Pause.RunAsync(member, Id, Stopping));

    private Task ResumeAsync() => WorkAsync(member => Resume.RunAsync(member, Id, Stopping));

    private Task DuplicateAsync() => WorkAsync(
        member => Duplicate.RunAsync(member, Id, Stopping), done: copy => Navigation.NavigateTo(Url($"campaigns/{copy}/edit")));

    private async Task SendMissedAsync(MissedCampaign campaign)
    {
        await Answers.SendAsync(campaign, MemberAsync, Stopping);
        await ReadAsync();
    }

    private async Task MoveMissedAsync((MissedCampaign Campaign, DateTime At) answer)
    {
        await Answers.MoveAsync(answer.Campaign, answer.At, MemberAsync, Stopping);
        await ReadAsync();
    }

    private async Task DropMissedAsync(MissedCampaign campaign)
    {
        await Answers.DropAsync(campaign, MemberAsync, Stopping);
        await ReadAsync();
    }

    private Task RetryAsync() => WorkAsync(
        member => Retry.RunAsync(member, new(Id, L["Retry.List", _view!.Line.Name]), Stopping), done: draft => Navigation.NavigateTo(Url($"campaigns/{draft}/edit")));

    private async Task CancelAsync()
    {
        var outcome = _view!.Line.Outcome;
        var body = _view.SendingId is null ? L["Cancel.BodyScheduled"] : L["Cancel.Body", outcome.Waiting, outcome.HandedOver];
        if (await ConfirmDialog.AskAsync(Dialogs, L["Cancel.Title", _view.Line.Name], body, L["Cancel.Do"], danger: true, cancelText: L["Cancel.Not"]))
            await WorkAsync(member => Cancel.RunAsync(member, Id, Stopping));
    }

    private async Task WorkAsync(Func<Member, Task<Result<Guid>>> work, Action<Guid>? done = null)
    {
        if (_busy)
            return;
        (_busy, _failed) = (true, null);
        try
        {
            var result = await work(await MemberAsync());
            _problems = result.Problems;
            // What belongs to a field of the draft is mended in the draft; here it stands above all.
            _failed = string.Join(' ', result.Problems.Where(p => p.Field != "Note").Select(p => L.Error([p], p.Field))) is { Length: > 0 } told ? told : null;
            if (result.Ok && done is not null)
                done(result.Value);
            else
                await ReadAsync();
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task FilterAsync(PersonState? filter)
    {
        _filter = filter;
        _cursors.Clear();
        _cursors.Add(null);
        await ReadAsync();
        // Only the address changes: the page is the same and stays.
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("show", filter?.ToString().ToLowerInvariant()), replace: true);
    }

    private Task NextAsync()
    {
        if (_people.Next is { } next)
            _cursors.Add(next);
        return ReadAsync();
    }

    private Task PreviousAsync()
    {
        if (_cursors.Count > 1)
            _cursors.RemoveAt(_cursors.Count - 1);
        return ReadAsync();
    }
}
