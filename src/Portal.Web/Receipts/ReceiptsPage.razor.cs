using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Receipts;
using Portal.Web.Operators;
using Portal.Web.Shell;

namespace Portal.Web.Receipts;

/// <summary>How receipts come and are applied, what is parked and why, and parked ones tried again.</summary>
public sealed partial class ReceiptsPage : IDisposable
{
    private static readonly TimeSpan _tick = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _quiet = TimeSpan.FromMinutes(3);

    // All that is parked is counted: not with every tick.
    private const int TicksUntilAll = 15;

    private readonly PageLife _stopping = new();
    private ReceiptsView? _view;
    private IReadOnlyList<ReplayView> _replays = [];
    private string? _told;
    private bool _busy;

    [Inject] private CurrentOperator Current { get; set; } = default!;

    [Inject] private ReceiptsWatch Watch { get; set; } = default!;

    [Inject] private ReplayList Replays { get; set; } = default!;

    [Inject] private ReplayParked Replay { get; set; } = default!;

    [Inject] private CancelReplay Cancel { get; set; } = default!;

    [Inject] private IDialogService Dialogs { get; set; } = default!;

    [Inject] private TimeProvider Clock { get; set; } = default!;

    [Inject] private IStringLocalizer<ReceiptsText> L { get; set; } = default!;

    private ReplayView? Open => _replays.FirstOrDefault(r => r.IsOpen);

    public void Dispose()
    {
        _stopping.Dispose();
    }

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
            _ = WatchClockAsync(_stopping.Token);
    }

    // nobody has noted a minute for a while: nobody applies receipts
    private static bool IsQuiet(ReceiptsView view) => view.Pace is { } pace ? view.Now - pace.NotedAt > _quiet : view.OldestWaiting < view.Now - _quiet;

    private async Task LoadAsync()
    {
        var by = await Current.OperatorAsync(_stopping.Token);
        _replays = await Replays.RunAsync(by, _stopping.Token);
        _view = await Watch.RunAsync(by, _stopping.Token);
    }

    private async Task WatchClockAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(_tick, Clock);
        try
        {
            for (var ticks = 1; await timer.WaitForNextTickAsync(ct); ticks++)
            {
                if (ticks % TicksUntilAll == 0 || Open is not null)
                    await InvokeAsync(() => RefreshAsync(all: ticks % TicksUntilAll == 0, ct));
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private async Task RefreshAsync(bool all, CancellationToken ct)
    {
        try
        {
            var by = await Current.OperatorAsync(ct);
            _replays = await Replays.RunAsync(by, ct);
            // what it found is parked no more
            if (all || Open is null)
                _view = await Watch.RunAsync(by, ct);
            StateHasChanged();
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            await DispatchExceptionAsync(e);
        }
    }

    private async Task ReplayAsync(ParkedReason? reason)
    {
        var count = reason?.Count ?? _view!.Parked.Sum(p => p.Count);
        if (await ConfirmDialog.AskAsync(Dialogs, L["Replay.Title", count], L["Replay.Body"], L["Replay.Do"]))
            await WorkAsync(async () => (await Replay.RunAsync(await Current.OperatorAsync(_stopping.Token), reason?.Reason, _stopping.Token)).Problems);
    }

    private Task CancelAsync(ReplayView replay) =>
        WorkAsync(async () => (await Cancel.RunAsync(await Current.OperatorAsync(_stopping.Token), replay.Id, _stopping.Token)).Problems);

    private async Task WorkAsync(Func<Task<IReadOnlyList<Problem>>> work)
    {
        if (_busy)
            return;
        _busy = true;
        try
        {
            var problems = await work();
            _told = problems.Count > 0 ? L["Problem_" + problems[0].Code, problems[0].Values].Value : null;
            await LoadAsync();
        }
        finally
        {
            _busy = false;
        }
    }
}
