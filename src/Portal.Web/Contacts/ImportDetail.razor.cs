using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Contacts;
using Portal.Tenants;
using Portal.Web.Shell;

namespace Portal.Web.Contacts;

public sealed partial class ImportDetail
{
    private const int LinesShown = 50;

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(500);

    private ImportProgress? _progress;
    private ImportPreview? _preview;
    private ImportDraft? _draft;
    private IReadOnlyList<ListRow> _lists = [];
    private IReadOnlyList<ProblemLine> _lines = [];
    private IReadOnlyList<Problem> _problems = [];
    private string? _gone;
    private Task _reading = Task.CompletedTask;
    private bool _busy;
    private bool _starting;
    private bool _pressed;

    [Parameter] public Guid Id { get; set; }

    [Inject] private IStringLocalizer<ContactsText> L { get; set; } = default!;

    [Inject] private TimeProvider Clock { get; set; } = default!;

    [Inject] private IDialogService Dialogs { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private ImportStatus Status { get; set; } = default!;

    [Inject] private PreviewImport Preview { get; set; } = default!;

    [Inject] private BeginImport Begin { get; set; } = default!;

    [Inject] private CancelImport Cancel { get; set; } = default!;

    [Inject] private ImportProblemLines Problems { get; set; } = default!;

    [Inject] private Lists Lists { get; set; } = default!;

    private string Title => _progress is { FileName.Length: > 0 } progress ? L["Setup.Of", progress.FileName, progress.Total]
        : _progress is { } pasted ? L["Setup.Of", L["Waiting.Pasted"].Value, pasted.Total] : L["Import.Title"];

    private (ChipTone Tone, string Word)? Chip => _progress switch
    {
        { State: ImportState.Running, Stalled: false } => (ChipTone.Sent, "Running"),
        { State: ImportState.Done } => (ChipTone.Delivered, "Done"),
        { State: ImportState.Cancelled } => (ChipTone.Skipped, "Cancelled"),
        _ => null,
    };

    protected override async Task LoadAsync()
    {
        await LookAsync();
        if (_progress is { State: ImportState.Running, Stalled: false })
            _ = WatchAsync();
    }

    private async Task LookAsync()
    {
        var member = await MemberAsync();
        _progress = await Status.RunAsync(member, Id, Stopping);
        _gone = _progress is null ? L["Problem_import_gone"].Value : null;
        var open = _progress is { State: ImportState.Uploaded or ImportState.Failed } or { Stalled: true };
        if (open && !member.Is(MemberRole.Sender))
            _gone = L["NeedsSender"];
        else if (open && _preview is null)
            await SuggestAsync(member);
        else if (!open)
            _preview = null;
        if (_progress is { State: ImportState.Done } && member.Is(MemberRole.Sender))
            await ReadLinesAsync(member);
    }

    // What was chosen before a run that failed is kept.
    private async Task SuggestAsync(Member member)
    {
        var preview = await Preview.RunAsync(member, new(Id, _draft?.Region, _draft?.Layout, _draft?.NumberColumn), Stopping);
        if (!preview.Ok)
        {
            _gone = L.Error(preview.Problems, "");
            return;
        }
        _lists = await Lists.RunAsync(member, Stopping);
        _preview = preview.Value;
        _draft ??= ImportDraft.Of(preview.Value, _lists);
    }

    // One after the other: the last choice is the one that stays on the page.
    private Task RereadAsync(bool otherColumns) => _reading = ReadAgainAsync(_reading, otherColumns);

    private async Task ReadAgainAsync(Task before, bool otherColumns)
    {
        await before;
        if (_draft is not { } draft)
            return;
        var number = otherColumns ? null : draft.NumberColumn;
        var preview = await Preview.RunAsync(await MemberAsync(), new(Id, draft.Region, draft.Layout, number), Stopping);
        _problems = preview.Problems;
        if (!preview.Ok)
            return;
        _preview = preview.Value;
        if (otherColumns)
            draft.TakeUp(preview.Value);
    }

    private async Task RunAsync()
    {
        // The button may be pressed before the page shows that it reads, or that an earlier press is being looked at: the press
        // counts, with what has been chosen by then.
        _pressed = true;
        if (_starting)
            return;
        _starting = true;
        try
        {
            while (_pressed)
            {
                await _reading;
                (_pressed, _busy) = (false, true);
                _problems = (await Begin.RunAsync(await MemberAsync(), _draft!.Read(Id), Stopping)).Problems;
                if (_problems.Count > 0)
                    continue;
                await LoadAsync();
                return;
            }
        }
        finally
        {
            _pressed = _starting = _busy = false;
        }
    }

    private async Task CancelAsync()
    {
        if (_busy)
            return;
        _busy = true;
        try
        {
            await Cancel.RunAsync(await MemberAsync(), Id, Stopping);
            await LookAsync();
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task DiscardAsync()
    {
        if (!await ConfirmDialog.AskAsync(Dialogs, L["Discard.Title"], L["Discard.Body"], L["Setup.Discard"], danger: true))
            return;
        await Cancel.RunAsync(await MemberAsync(), Id, Stopping);
        Navigation.NavigateTo(Url("contacts"));
    }

    private async Task ReadLinesAsync(Member member)
    {
        var lines = new List<ProblemLine>();
        await foreach (var line in Problems.RunAsync(member, Id, LinesShown, Stopping))
            lines.Add(line);
        _lines = lines;
    }

    private async Task WatchAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(_look, Clock);
            while (_progress is { State: ImportState.Running, Stalled: false } && await timer.WaitForNextTickAsync(Stopping))
            {
                await InvokeAsync(async () =>
                {
                    await LookAsync();
                    StateHasChanged();
                });
            }
        }
        catch (OperationCanceledException)
        {
            // the page was left; the import goes on
        }
        catch (Exception e)
        {
            await DispatchExceptionAsync(e);
        }
    }
}
