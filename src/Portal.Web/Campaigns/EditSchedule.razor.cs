using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Accounts;
using Portal.Campaigns;
using Portal.Contacts;
using Portal.Web.Shell;

namespace Portal.Web.Campaigns;

/// <summary>Changes a schedule. It goes on as it was until everything is saved at once.</summary>
public partial class EditSchedule
{
    private static readonly TimeSpan _quiet = TimeSpan.FromMilliseconds(500);

    private CancellationTokenSource? _pause;
    private DraftModel? _model;
    private DateTimeOffset _changedAt;
    private IReadOnlyList<ListRow> _lists = [];
    private IReadOnlyList<AccountLine> _accounts = [];
    private FieldsOfLists _fields = new(0, []);
    private IReadOnlyList<TextPreview> _previews = [];
    private IReadOnlyList<Problem> _problems = [];
    private bool _dirty;
    private bool _gone;
    private bool _busy;

    [Inject] private IStringLocalizer<SchedulesText> L { get; set; } = default!;

    [Inject] private IStringLocalizer<CampaignsText> Words { get; set; } = default!;

    [Inject] private IDialogService Dialogs { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private TimeProvider Clock { get; set; } = default!;

    [Inject] private SchedulePage Query { get; set; } = default!;

    [Inject] private ChangeSchedule Change { get; set; } = default!;

    [Inject] private PreviewText Preview { get; set; } = default!;

    [Inject] private Lists ContactLists { get; set; } = default!;

    [Inject] private FieldsOf FieldsOfContacts { get; set; } = default!;

    [Inject] private AccountList AccountLines { get; set; } = default!;

    /// <summary>The schedule's id, from the address.</summary>
    [Parameter] public Guid Id { get; set; }

    protected override async Task LoadAsync()
    {
        var member = await MemberAsync();
        if (await Query.RunAsync(member, Id, Stopping) is not { State: not ScheduleState.Ended } view)
        {
            _gone = true;
            return;
        }
        _lists = await ContactLists.RunAsync(member, Stopping);
        _accounts = await AccountLines.RunAsync(member, Stopping);
        (_changedAt, _problems, _dirty) = (view.ChangedAt, [], false);
        _model = new DraftModel
        {
            Id = view.Id,
            Name = view.Name,
            Lists = [.. view.ListIds],
            AccountId = view.AccountId,
            Text = view.Text,
            TimeZone = view.TimeZone,
            Repeats = true,
            Repeat = RepeatModel.Of(view.Repeat),
        };
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        var member = await MemberAsync();
        _fields = await FieldsOfContacts.RunAsync(member, _model!.Lists, Stopping);
        _previews = await Preview.RunAsync(member, _model.Lists, _model.Text, Stopping);
    }

    protected override void Dispose(bool disposing)
    {
        _pause?.Cancel();
        _pause?.Dispose();
        base.Dispose(disposing);
    }

    // The previews follow when the typing pauses.
    private async Task ChangedAsync()
    {
        _dirty = true;
        _pause?.Cancel();
        _pause?.Dispose();
        _pause = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        try
        {
            await Task.Delay(_quiet, Clock, _pause.Token);
            await ReadAsync();
        }
        catch (OperationCanceledException)
        {
            // Typed on, or left.
        }
    }

    private async Task SaveAsync()
    {
        if (_busy)
            return;
        _busy = true;
        try
        {
            var model = _model!;
            var changed = await Change.RunAsync(
                await MemberAsync(),
                new(Id, _changedAt, model.Name, [.. model.Lists.Order()], model.AccountId, model.Text, model.Repeat.Input(), model.AcceptSkips), Stopping);
            _problems = changed.Problems;
            if (!changed.Ok)
                return;
            _dirty = false;
            Navigation.NavigateTo(Url($"campaigns/schedules/{Id}"), replace: true);
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task KeepMineAsync()
    {
        if (await Query.RunAsync(await MemberAsync(), Id, Stopping) is { } theirs)
            _changedAt = theirs.ChangedAt;
        await SaveAsync();
    }

    private async Task AskBeforeLeavingAsync(LocationChangingContext context)
    {
        if (_dirty && !await ConfirmDialog.AskAsync(Dialogs, L["Leave.Title"], L["Leave.Body"], L["Leave.Do"], cancelText: L["Leave.Not"]))
            context.PreventNavigation();
    }
}
