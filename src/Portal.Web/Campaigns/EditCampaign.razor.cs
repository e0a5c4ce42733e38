using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Accounts;
using Portal.Campaigns;
using Portal.Contacts;
using Portal.Web.Shell;

namespace Portal.Web.Campaigns;

/// <summary>The wizard of a draft. Everything is saved as it is typed; the step stands in the address.</summary>
public partial class EditCampaign
{
    private static readonly TimeSpan _quiet = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _saving = new(1, 1);
    private DraftModel? _model;
    private WizardStep _step;
    private IReadOnlyList<ListRow> _lists = [];
    private IReadOnlyList<AccountLine> _accounts = [];
    private FieldsOfLists _fields = new(0, []);
    private IReadOnlyList<TextPreview> _previews = [];
    private IReadOnlyList<Problem> _problems = [];
    private CampaignReview? _review;
    private CancellationTokenSource? _pause;
    private bool _dirty;
    private bool _conflict;
    private bool _gone;
    private bool _busy;
    private bool _leaving;

    [Inject] private IStringLocalizer<CampaignsText> L { get; set; } = default!;

    [Inject] private IDialogService Dialogs { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private TimeProvider Clock { get; set; } = default!;

    [Inject] private CampaignDraft Draft { get; set; } = default!;

    [Inject] private SaveDraft Save { get; set; } = default!;

    [Inject] private DeleteDraft DeleteUse { get; set; } = default!;

    [Inject] private ReviewCampaign Review { get; set; } = default!;

    [Inject] private ScheduleCampaign Schedule { get; set; } = default!;

    [Inject] private CreateSchedule Repeat { get; set; } = default!;

    [Inject] private PreviewText Preview { get; set; } = default!;

    [Inject] private Lists ContactLists { get; set; } = default!;

    [Inject] private FieldsOf FieldsOfContacts { get; set; } = default!;

    [Inject] private AccountList AccountLines { get; set; } = default!;

    /// <summary>The draft's id, from the address.</summary>
    [Parameter] public Guid Id { get; set; }

    /// <summary>A word of <see cref="WizardStep"/>.</summary>
    [SupplyParameterFromQuery] public string? Step { get; set; }

    protected override async Task LoadAsync()
    {
        var member = await MemberAsync();
        var draft = await Draft.RunAsync(member, Id, Stopping);
        _gone = draft is null;
        if (draft is { State: not CampaignState.Draft })
            Leave(Url($"campaigns/{Id}"));
        if (draft is not { State: CampaignState.Draft })
            return;
        _lists = await ContactLists.RunAsync(member, Stopping);
        _accounts = await AccountLines.RunAsync(member, Stopping);
        _model = DraftModel.Of(draft);
        // The only account there is need not be chosen.
        if (_model.AccountId is null && _accounts.Where(a => a is { State: AccountState.Active, Kind: not AccountKind.Verification }).ToList() is [var only])
        {
            (_model.AccountId, _dirty) = (only.Id, true);
            await SaveAsync();
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        var step = WizardSteps.Read(Step);
        if (step != _step)
            _problems = [];
        _step = step;
        if (_model is not null)
            await EnterAsync();
    }

    protected override void Dispose(bool disposing)
    {
        _pause?.Cancel();
        _pause?.Dispose();
        base.Dispose(disposing);
    }

    private async Task EnterAsync()
    {
        if (_step == WizardStep.Text)
        {
            _fields = await FieldsOfContacts.RunAsync(await MemberAsync(), _model!.Lists, Stopping);
            await PreviewAsync();
        }
        else if (_step == WizardStep.Time)
        {
            _fields = await FieldsOfContacts.RunAsync(await MemberAsync(), _model!.Lists, Stopping);
        }
        else if (_step == WizardStep.Review)
        {
            _review = null;
            StateHasChanged();
            await SaveAsync();
            _review = await Review.RunAsync(await MemberAsync(), Id, Stopping);
        }
    }

    private async Task PreviewAsync() => _previews = await Preview.RunAsync(await MemberAsync(), _model!.Lists, _model.Text, Stopping);

    // Saved when the typing pauses, and before anything else is done.
    private async Task Changed()
    {
        _dirty = true;
        _pause?.Cancel();
        _pause?.Dispose();
        _pause = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        try
        {
            await Task.Delay(_quiet, Clock, _pause.Token);
            await SaveAsync();
            if (_step == WizardStep.Text)
                await PreviewAsync();
        }
        catch (OperationCanceledException)
        {
            // Typed on, or left: then it was saved before.
        }
    }

    /// <returns>False when what is typed is not kept.</returns>
    private async Task<bool> SaveAsync()
    {
        await _saving.WaitAsync(Stopping);
        try
        {
            if (!_dirty || _conflict)
                return !_conflict;
            // What is changed while this is saved makes it dirty again.
            _dirty = false;
            var saved = await Save.RunAsync(await MemberAsync(), _model!.Input(), CancellationToken.None);
            _conflict = saved.Problems.Any(p => p.Code == "changed_elsewhere");
            if (!saved.Ok)
            {
                (_problems, _dirty) = (saved.Problems, true);
                return false;
            }
            _model.Version = saved.Value;
            return true;
        }
        finally
        {
            _saving.Release();
        }
    }

    private async Task SaveBeforeLeavingAsync(LocationChangingContext context)
    {
        if (_model is not null && !_leaving)
            await SaveAsync();
    }

    private async Task NextAsync()
    {
        _problems = _model!.Check(_step, _accounts, Clock.GetUtcNow());
        if (_problems.Count == 0 && await SaveAsync())
            Navigation.NavigateTo(StepHref(_step + 1));
    }

    private async Task SendAsync()
    {
        if (!_model!.Later && !_model.Repeats && !_review!.NeedsApproval && !await ConfirmDialog.AskAsync(
            Dialogs, L["Send.Title", _review.Messages], L["Send.Body", _review.AccountLabel ?? "", _review.UndoSeconds], L["Send.Do"]))
        {
            return;
        }
        if (_busy)
            return;
        _busy = true;
        try
        {
            if (!await SaveAsync())
                return;
            _problems = _model.Repeats
                ? (await Repeat.RunAsync(await MemberAsync(), new(Id, _model.Version, _model.AcceptSkips), Stopping)).Problems
                : (await Schedule.RunAsync(await MemberAsync(), new(Id, _model.Version, _model.AcceptSkips), Stopping)).Problems;
            _conflict = _problems.Any(p => p.Code == "changed_elsewhere");
            if (_problems.Count == 0 && _model.Repeats)
                Leave(Url($"campaigns/schedules/{Id}"));
            else if (_problems.Count == 0 || _problems.Any(p => p.Code == "not_a_draft"))
                Leave(Url($"campaigns/{Id}"));
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task DeleteAsync()
    {
        if (!await ConfirmDialog.AskAsync(Dialogs, L["Delete.Title", _model!.Name], L["Delete.Body"], L["Delete.Do"], danger: true))
            return;
        var deleted = await DeleteUse.RunAsync(await MemberAsync(), Id, Stopping);
        _problems = deleted.Problems;
        if (deleted.Ok)
            Leave(Url("campaigns"));
    }

    private async Task KeepMineAsync()
    {
        if (await Draft.RunAsync(await MemberAsync(), Id, Stopping) is not { State: CampaignState.Draft } theirs)
        {
            Leave(Url($"campaigns/{Id}"));
            return;
        }
        (_model!.Version, _conflict, _dirty) = (theirs.Version, false, true);
        _problems = [];
        await SaveAsync();
        await EnterAsync();
    }

    private async Task TakeTheirsAsync()
    {
        (_conflict, _dirty) = (false, false);
        _problems = [];
        await LoadAsync();
        if (_model is not null)
            await EnterAsync();
    }

    // There is nothing to save any more.
    private void Leave(string address)
    {
        _leaving = true;
        Navigation.NavigateTo(address, replace: true);
    }

    private string StepHref(WizardStep step) => Url($"campaigns/{Id}/edit?step={step.Word()}");
}
