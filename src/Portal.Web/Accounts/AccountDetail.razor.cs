using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Accounts;
using Portal.Dispatch;
using Portal.Live;
using Portal.Tenants;
using Portal.Web.Shell;
using Portal.Web.SignIn;

namespace Portal.Web.Accounts;

public partial class AccountDetail
{
    private AccountView? _account;
    private bool _loaded;
    private bool _busy;
    private TimeSpan? _clockOffset;
    private Told? _told;
    private LiveRefresh? _live;
    private Guid? _testing;
    private int _turn;

    [Inject] private IStringLocalizer<AccountsText> L { get; set; } = default!;

    [Inject] private IDialogService Dialogs { get; set; } = default!;

    [Inject] private ConfirmAgain Confirm { get; set; } = default!;

    [Inject] private IConfiguration Configuration { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private LiveFeed Feed { get; set; } = default!;

    [Inject] private TimeProvider Clock { get; set; } = default!;

    [Inject] private OutgoingAddresses Outgoing { get; set; } = default!;

    [Inject] private AccountPage Page { get; set; } = default!;

    [Inject] private CheckAgain Check { get; set; } = default!;

    [Inject] private ReplaceKeyPair Replace { get; set; } = default!;

    [Inject] private ChangeAccount Change { get; set; } = default!;

    [Inject] private DisableAccount Disable { get; set; } = default!;

    [Inject] private SendTest Test { get; set; } = default!;

    [Inject] private TestUnderWay UnderWay { get; set; } = default!;

    [Inject] private AllowHalving Halving { get; set; } = default!;

    [Inject] private EnableAccount Enable { get; set; } = default!;

    /// <summary>The account's id, from the address.</summary>
    [Parameter] public Guid Id { get; set; }

    private bool MayChange => Role >= MemberRole.Manager;

    private bool MaySend => Role >= MemberRole.Sender;

    private string ReceiptAddress => (Configuration["Portal:PublicAddress"] ?? Navigation.BaseUri).TrimEnd('/') + "/receipts";

    protected override async Task LoadAsync()
    {
        _live ??= new LiveRefresh(Feed, Tenant.Id, Clock, Concerns, () => InvokeAsync(RefreshAsync));
        WatchFlow();
        // The last one asked is the one that shows: an earlier answer may come later.
        var turn = ++_turn;
        var member = await MemberAsync();
        var (account, testing) = (await Page.RunAsync(member, Id, Stopping), await UnderWay.RunAsync(member, Id, Stopping));
        if (turn == _turn)
            (_account, _testing, _loaded) = (account, testing, true);
        await ReadFlowAsync();
        await ReadTrafficAsync(member);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _live?.Dispose();
            _flowLive?.Dispose();
        }
        base.Dispose(disposing);
    }

    // dispatch may stop the account, or prove its pair, while somebody looks at it
    private bool Concerns(Guid subject) => subject == Id || subject == _testing;

    private async Task RefreshAsync()
    {
        try
        {
            await LoadAsync();
            StateHasChanged();
        }
        catch (Exception e) when (!Stopping.IsCancellationRequested)
        {
            await DispatchExceptionAsync(e);
        }
    }

    private Task CheckAsync() => WorkAsync(async member => Tell(await Check.RunAsync(member, Id, Stopping)));

    private Task EnableAsync() => WorkAsync(async member => TellProblems((await Enable.RunAsync(member, Id, Stopping)).Problems));

    private async Task AllowHalvingAsync()
    {
        if (await ConfirmDialog.AskAsync(Dialogs, L["NoHalving.Allow.Title"], L["NoHalving.Allow.What"], L["NoHalving.Allow"]))
            await WorkAsync(async member => TellProblems((await Halving.RunAsync(member, Id, Stopping)).Problems));
    }

    private async Task DisableAsync()
    {
        if (await ConfirmDialog.AskAsync(Dialogs, L["Disable.Title", _account!.Settings.Label], L["Disable.What"], L["Disable"], danger: true))
            await WorkAsync(async member => TellProblems((await Disable.RunAsync(member, Id, Stopping)).Problems));
    }

    private async Task ReplaceAsync()
    {
        var parameters = new DialogParameters<KeyPairDialog> { { d => d.Save, SaveKeyPairAsync } };
        var options = new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true, CloseOnEscapeKey = true, BackdropClick = false };
        await (await Dialogs.ShowAsync<KeyPairDialog>(L["Replace.Title"], parameters, options)).Result;
        await LoadAsync();
    }

    private async Task<IReadOnlyList<Problem>> SaveKeyPairAsync(TypedKeyPair pair)
    {
        if (!await Confirm.EnsureAsync(Dialogs, Stopping))
            return [new("", "not_confirmed")];
        var result = await Replace.RunAsync(await MemberAsync(), Id, pair, Stopping);
        if (result.Ok)
            Tell(result);
        return result.Problems;
    }

    private async Task SendTestAsync()
    {
        var parameters = new DialogParameters<TestMessageDialog> { { d => d.Text, L["Test.Default", Tenant.Name].Value }, { d => d.Send, SendTestAsync } };
        var options = new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true, CloseOnEscapeKey = true, BackdropClick = false };
        if (await (await Dialogs.ShowAsync<TestMessageDialog>(L["Test.Title"], parameters, options)).Result is not { Canceled: false })
            return;
        await LoadAsync();
        // the notice of an account that waits says it already
        _told = _account?.State == AccountState.Active ? new(NoticeTone.Info, L["Test.Sent"]) : null;
    }

    private async Task<IReadOnlyList<Problem>> SendTestAsync(string number, string text) =>
        (await Test.RunAsync(await MemberAsync(), Id, number, text, Stopping)).Problems;

    private async Task<IReadOnlyList<Problem>> SaveAsync(AccountSettings settings)
    {
        var result = await Change.RunAsync(await MemberAsync(), Id, settings, Stopping);
        await LoadAsync();
        return result.Problems;
    }

    private async Task WorkAsync(Func<Member, Task> work)
    {
        if (_busy)
            return;
        _busy = true;
        _told = null;
        try
        {
            await work(await MemberAsync());
            await LoadAsync();
            // the notice of the stopped account says it already
            if (_told?.Code is { } code && code == _account?.StoppedCode)
                _told = null;
        }
        finally
        {
            _busy = false;
        }
    }

    private void Tell(Result<CheckOutcome> result)
    {
        TellProblems(result.Problems);
        if (!result.Ok)
            return;
        _clockOffset = result.Value.ClockOffset;
        _told = result.Value.Passed
            ? new(NoticeTone.Info, L["Check.Passed"])
            : new(NoticeTone.Warn, L["Check.Failed", L.Code(result.Value.Code)], result.Value.Code);
    }

    private void TellProblems(IReadOnlyList<Problem> problems)
    {
        if (problems.Count > 0)
            _told = new(NoticeTone.Fail, L.Error(problems, "")!);
    }

    private sealed record Told(NoticeTone Tone, string Text, string? Code = null);
}
