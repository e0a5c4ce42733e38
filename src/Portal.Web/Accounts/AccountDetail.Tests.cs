using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Accounts;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.Web.Accounts;

/// <summary>What goes over the account, and the test of its key pair that sends nothing.</summary>
public partial class AccountDetail
{
    private Traffic? _traffic;

    [Inject] private AccountTraffic Traffic { get; set; } = default!;

    private async Task TestKeyPairAsync()
    {
        var parameters = new DialogParameters<KeyTestDialog> { { d => d.Run, RunKeyTestAsync } };
        var options = new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true, CloseOnEscapeKey = true };
        await (await Dialogs.ShowAsync<KeyTestDialog>(L["KeyTest.Title"], parameters, options)).Result;
        await LoadAsync();
    }

    private async Task<Result<CheckOutcome>> RunKeyTestAsync()
    {
        var result = await Check.RunAsync(await MemberAsync(), Id, Stopping);
        if (result.Ok)
            _clockOffset = result.Value.ClockOffset;
        return result;
    }

    private async Task ReadTrafficAsync(Member member) => _traffic = await Traffic.RunAsync(member, Id, Stopping);
}
