using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Campaigns;
using Portal.Dispatch;
using Portal.Live;
using Portal.Tenants;
using Portal.Web.Shell;

namespace Portal.Web.Campaigns;

/// <summary>Requests that may or may not have been sent, and what a person can decide about them; live.</summary>
public partial class InDoubt
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private IReadOnlyList<DoubtfulSending>? _sendings;
    private LiveRefresh? _live;
    private Told? _told;
    private bool _busy;

    [Inject] private IStringLocalizer<CampaignsText> L { get; set; } = default!;

    [Inject] private IStringLocalizer<ShellText> Shell { get; set; } = default!;

    [Inject] private IDialogService Dialogs { get; set; } = default!;

    [Inject] private LiveFeed Feed { get; set; } = default!;

    [Inject] private TimeProvider Clock { get; set; } = default!;

    [Inject] private DoubtList Query { get; set; } = default!;

    [Inject] private CountAsSent Count { get; set; } = default!;

    [Inject] private SendAgain Again { get; set; } = default!;

    /// <summary>Only the doubts of this campaign.</summary>
    [SupplyParameterFromQuery] public Guid? Campaign { get; set; }

    protected override async Task LoadAsync()
    {
        _live ??= new LiveRefresh(Feed, Tenant.Id, Clock, _ => true, () => InvokeAsync(RefreshAsync));
        var first = _sendings is null;
        await ReadAsync();
        if (first)
            _ = WatchClockAsync();
    }

    protected override void Dispose(bool disposing)
    {
        _live?.Dispose();
        base.Dispose(disposing);
    }

    private async Task ReadAsync() => _sendings = await Query.RunAsync(await MemberAsync(), Campaign, Stopping);

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

    // What may be sent again only later becomes so while somebody looks.
    private async Task WatchClockAsync()
    {
        using var timer = new PeriodicTimer(_minute, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(Stopping))
                await RefreshAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }

    private async Task CountAsync(DoubtfulSending sending, DoubtfulRequest? request)
    {
        var people = request?.Untold ?? sending.People;
        if (await ConfirmDialog.AskAsync(Dialogs, L["Doubts.Count.Title", people], L["Doubts.Count.Body"], L["Doubts.Count"]))
            await DecideAsync(member => Count.RunAsync(member, new(sending.SendingId, request?.BatchNo), Stopping), "Doubts.Count.Done");
    }

    private async Task SendAgainAsync(DoubtfulSending sending, DoubtfulRequest? request)
    {
        var people = request?.Untold ?? sending.DuePeople;
        if (await ConfirmDialog.AskAsync(Dialogs, L["Doubts.Again.Title", people], L["Doubts.Again.Body", people], L["Doubts.Again"], danger: true))
            await DecideAsync(member => Again.RunAsync(member, new(sending.SendingId, request?.BatchNo), Stopping), "Doubts.Again.Done");
    }

    private async Task DecideAsync(Func<Member, Task<Result<DoubtDecision>>> decide, string done)
    {
        if (_busy)
            return;
        (_busy, _told) = (true, null);
        try
        {
            var result = await decide(await MemberAsync());
            _told = result.Ok ? new(NoticeTone.Info, L[done, result.Value.People]) : new(NoticeTone.Warn, Refusal(result.Problems[0]));
            await ReadAsync();
        }
        finally
        {
            _busy = false;
        }
    }

    private string Refusal(Problem problem) => problem is { Code: "too_early", Values: [DateTimeOffset from] }
        ? L["Problem_too_early", WhenText.Of(from, WhenForm.Short, WhenText.ZoneOf(Tenant.TimeZone), Clock.GetUtcNow(), Shell), Tenant.TimeZone]
        : L.Error([problem], "")!;

    private sealed record Told(NoticeTone Tone, string Text);
}
