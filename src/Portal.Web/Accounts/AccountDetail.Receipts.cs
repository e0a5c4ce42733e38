using Microsoft.AspNetCore.Components;
using Portal.Receipts;
using Portal.Web.Shell;

namespace Portal.Web.Accounts;

/// <summary>How receipts of the account come: with every change, and by the clock, since silence makes no event.</summary>
public partial class AccountDetail
{
    private static readonly TimeSpan _tick = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _underWay = TimeSpan.FromMinutes(10);
    private const int TicksAMinute = 12;

    private ReceiptFlow? _flow;
    private LiveRefresh? _flowLive;

    [Inject] private AccountReceipts Receipts { get; set; } = default!;

    private void WatchFlow()
    {
        if (_flowLive is not null)
            return;
        // a receipt tells of its sending; which ones are this account's, the page does not know
        _flowLive = new LiveRefresh(Feed, Tenant.Id, Clock, _ => true, () => InvokeAsync(RefreshFlowAsync));
        _ = WatchClockAsync();
    }

    private async Task ReadFlowAsync() => _flow = _account is null ? null : await Receipts.RunAsync(await MemberAsync(), Id, Stopping);

    private async Task WatchClockAsync()
    {
        using var timer = new PeriodicTimer(_tick, Clock);
        try
        {
            for (var ticks = 1; await timer.WaitForNextTickAsync(Stopping); ticks++)
            {
                if (ticks % TicksAMinute == 0 || (_flow?.Test is { } test && test.Now - test.AskedAt < _underWay && !TestSteps.IsOver(test)))
                    await InvokeAsync(RefreshFlowAsync);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private async Task RefreshFlowAsync()
    {
        try
        {
            await ReadFlowAsync();
            StateHasChanged();
        }
        catch (Exception e) when (!Stopping.IsCancellationRequested)
        {
            await DispatchExceptionAsync(e);
        }
    }
}
