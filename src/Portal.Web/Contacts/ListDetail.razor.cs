using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Contacts;
using Portal.Web.Shell;

namespace Portal.Web.Contacts;

public sealed partial class ListDetail
{
    private ListView? _view;
    private bool _gone;

    [Parameter] public Guid Id { get; set; }

    [SupplyParameterFromQuery(Name = "begins")] private string? Search { get; set; }

    [SupplyParameterFromQuery(Name = "page")] private int? PageNumber { get; set; }

    [Inject] private IStringLocalizer<ContactsText> L { get; set; } = default!;

    [Inject] private IDialogService Dialogs { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private ListPage Page { get; set; } = default!;

    [Inject] private RenameList Rename { get; set; } = default!;

    [Inject] private DeleteList Delete { get; set; } = default!;

    // Also when only the query of the address changes: another page, another search.
    protected override Task OnParametersSetAsync() => ReadAsync();

    private async Task ReadAsync()
    {
        _view = await Page.RunAsync(await MemberAsync(), new(Id, Search, PageNumber ?? 1), Stopping);
        _gone = _view is null;
    }

    private string Address(string? search, int page) =>
        Navigation.GetUriWithQueryParameters(Url($"contacts/lists/{Id}"), new Dictionary<string, object?>
        {
            ["begins"] = string.IsNullOrEmpty(search) ? null : search,
            ["page"] = page > 1 ? page : null,
        });

    private void Find(string search) => Navigation.NavigateTo(Address(search, 1));

    private async Task RenameAsync()
    {
        await ListNameDialog.AskAsync(Dialogs, L["ListName.Rename"], L["ListName.Save"], _view!.Name, SaveAsync);
        await ReadAsync();
    }

    private async Task<IReadOnlyList<Problem>> SaveAsync(string name) =>
        (await Rename.RunAsync(await MemberAsync(), new(Id, name), Stopping)).Problems;

    private async Task DeleteAsync()
    {
        var view = _view!;
        if (!await ConfirmDialog.AskAsync(Dialogs, L["List.Delete.Title", view.Name], L["List.Delete.Body", view.Contacts], L["List.Delete.Confirm"], danger: true))
            return;
        await Delete.RunAsync(await MemberAsync(), Id, Stopping);
        Navigation.NavigateTo(Url("contacts"));
    }
}
