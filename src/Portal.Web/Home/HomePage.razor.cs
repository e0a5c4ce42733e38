using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Campaigns;
using Portal.Live;
using Portal.Tenants;
using Portal.Web.Campaigns;
using Portal.Web.Shell;

namespace Portal.Web.Home;

/// <summary>What goes out, what needs somebody, and what comes next.</summary>
public partial class HomePage
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private HomeView? _view;
    private LiveRefresh? _live;

    [Inject] private IStringLocalizer<HomeText> L { get; set; } = default!;

    [Inject] private IStringLocalizer<ShellText> Shell { get; set; } = default!;

    [Inject] private TenantHome Query { get; set; } = default!;

    [Inject] private MissedAnswers Answers { get; set; } = default!;

    [Inject] private LiveFeed Feed { get; set; } = default!;

    [Inject] private TimeProvider Clock { get; set; } = default!;

    protected override async Task LoadAsync()
    {
        _live = new LiveRefresh(Feed, Tenant.Id, Clock, _ => true, () => InvokeAsync(RefreshAsync));
        await ReadAsync();
        _ = WatchClockAsync();
    }

    protected override void Dispose(bool disposing)
    {
        _live?.Dispose();
        base.Dispose(disposing);
    }

    private async Task ReadAsync() => _view = await Query.RunAsync(await MemberAsync(), Stopping);

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

    // that nothing comes any more is no event
    private async Task WatchClockAsync()
    {
        using var timer = new PeriodicTimer(_minute, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(Stopping))
                await InvokeAsync(RefreshAsync);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

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

    private string Today() => WhenText.Of(Clock.GetUtcNow(), WhenForm.Full, WhenText.ZoneOf(Tenant.TimeZone), Clock.GetUtcNow(), Shell);
}
