using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Contacts;
using Portal.Tenants;
using Portal.Web.Shell;

namespace Portal.Web.Contacts;

public sealed partial class OptOuts
{
    private SuppressionsView? _view;

    [SupplyParameterFromQuery(Name = "begins")] private string? Search { get; set; }

    [SupplyParameterFromQuery(Name = "page")] private int? PageNumber { get; set; }

    [Inject] private IStringLocalizer<ContactsText> L { get; set; } = default!;

    [Inject] private IDialogService Dialogs { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private SuppressionsPage Page { get; set; } = default!;

    [Inject] private SuppressNumbers Suppress { get; set; } = default!;

    [Inject] private UnsuppressNumber Unsuppress { get; set; } = default!;

    private bool MayChange => Role >= MemberRole.Sender;

    // Also when only the query of the address changes: another page, another search.
    protected override Task OnParametersSetAsync() => ReadAsync();

    private async Task ReadAsync() =>
        _view = await Page.RunAsync(await MemberAsync(), new(Search, PageNumber ?? 1), Stopping);

    private string Address(string? search, int page) =>
        Navigation.GetUriWithQueryParameters(Url("contacts/opt-outs"), new Dictionary<string, object?>
        {
            ["begins"] = string.IsNullOrEmpty(search) ? null : search,
            ["page"] = page > 1 ? page : null,
        });

    private void Find(string search) => Navigation.NavigateTo(Address(search, 1));

    private async Task<Result<SuppressOutcome>> AddAsync(SuppressNumbersInput input)
    {
        var result = await Suppress.RunAsync(await MemberAsync(), input, Stopping);
        if (result.Ok)
            await ReadAsync();
        StateHasChanged();
        return result;
    }

    private async Task UndoAsync(SuppressionRow row)
    {
        var (title, confirm) = (L["OptOuts.Undo.Title", row.Shown], L["OptOuts.Undo.Confirm"]);
        if (row.Number is null || !await ConfirmDialog.AskAsync(Dialogs, title, L["OptOuts.Undo.Body"], confirm))
            return;
        await Unsuppress.RunAsync(await MemberAsync(), row.Number, Stopping);
        await ReadAsync();
    }
}
