using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Receipts;
using Portal.Tenants;
using Portal.Web.Receipts;
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
    private OwnAddressView? _own;

    // its token is nowhere else: gone with the page
    private IssuedAddress? _issued;

    [Inject] private AccountReceipts Receipts { get; set; } = default!;

    [Inject] private OwnAddresses Own { get; set; } = default!;

    [Inject] private IssueOwnAddress Issue { get; set; } = default!;

    [Inject] private WithdrawOwnAddress Withdraw { get; set; } = default!;

    [Inject] private TakeOnlyOwnAddress TakeOnly { get; set; } = default!;

    [Inject] private IStringLocalizer<ReceiptsText> ReceiptTexts { get; set; } = default!;

    private void WatchFlow()
    {
        if (_flowLive is not null)
            return;
        // a receipt tells of its sending; which ones are this account's, the page does not know
        _flowLive = new LiveRefresh(Feed, Tenant.Id, Clock, _ => true, () => InvokeAsync(RefreshFlowAsync));
        _ = WatchClockAsync();
    }

    private async Task ReadFlowAsync()
    {
        var member = await MemberAsync();
        _flow = _account is null ? null : await Receipts.RunAsync(member, Id, Stopping);
        _own = await Own.RunAsync(member, Id, Stopping);
    }

    private async Task IssueAsync()
    {
        var words = _own?.Newest is null ? ("Own.MakeTitle", "Own.MakeBody", "Own.MakeDo") : ("Own.ReplaceTitle", "Own.ReplaceBody", "Own.MakeDo");
        if (await AskAsync(words, danger: false))
        {
            await WorkAsync(async member =>
            {
                var result = await Issue.RunAsync(member, Id, Stopping);
                _issued = Went(result) ? result.Value : _issued;
            });
        }
    }

    private async Task WithdrawAsync()
    {
        if (await AskAsync(("Own.WithdrawTitle", "Own.WithdrawBody", "Own.WithdrawDo"), danger: true))
            await WorkAsync(async member => _issued = Went(await Withdraw.RunAsync(member, Id, Stopping)) ? null : _issued);
    }

    private async Task TakeOnlyOwnAsync(bool only)
    {
        var body = _own!.Working.Any(o => o.LastAt is not null) ? "Own.OnlyBody" : "Own.OnlyBodyUnused";
        if (!only || await AskAsync(("Own.OnlyTitle", body, "Own.OnlyDo"), danger: body == "Own.OnlyBodyUnused"))
            await WorkAsync(async member => Went(await TakeOnly.RunAsync(member, Id, only, Stopping)));
    }

    private Task<bool> AskAsync((string Title, string Body, string Do) words, bool danger) =>
        ConfirmDialog.AskAsync(Dialogs, ReceiptTexts[words.Title], ReceiptTexts[words.Body], ReceiptTexts[words.Do], danger);

    /// <summary>Where it was refused, the page says why.</summary>
    private bool Went<T>(Result<T> result)
    {
        if (!result.Ok)
            _told = new(NoticeTone.Fail, ReceiptTexts["Problem_" + result.Problems[0].Code]);
        return result.Ok;
    }

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
