using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Portal.Web.Operators;

public partial class SuspendDialog
{
    private string _reason = "";
    private string? _error;

    [Inject] private IStringLocalizer<OperatorsText> L { get; set; } = default!;

    [CascadingParameter] private IMudDialogInstance Dialog { get; set; } = default!;

    [Parameter, EditorRequired] public string Title { get; set; } = "";

    /// <summary>How many people it puts out.</summary>
    [Parameter] public long Members { get; set; }

    /// <summary>The reason; null when the operator thought better of it.</summary>
    public static async Task<string?> AskAsync(IDialogService dialogs, string title, long members)
    {
        var parameters = new DialogParameters<SuspendDialog> { { d => d.Title, title }, { d => d.Members, members } };
        var options = new DialogOptions { MaxWidth = MaxWidth.ExtraSmall, FullWidth = true, CloseOnEscapeKey = true };
        var dialog = await dialogs.ShowAsync<SuspendDialog>(title, parameters, options);
        return await dialog.Result is { Canceled: false, Data: string reason } ? reason : null;
    }

    private void Confirm()
    {
        var reason = _reason.Trim();
        if (reason.Length > 0)
            Dialog.Close(DialogResult.Ok(reason));
        else
            _error = L["Problem_reason_missing"];
    }
}
