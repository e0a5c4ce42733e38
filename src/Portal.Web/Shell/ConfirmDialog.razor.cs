using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Portal.Web.Shell;

public partial class ConfirmDialog
{
    private MudButton? _cancel;

    [Inject] private IStringLocalizer<ShellText> L { get; set; } = default!;

    [CascadingParameter] private IMudDialogInstance Dialog { get; set; } = default!;

    /// <summary>The question, short: "Stop the campaign?"</summary>
    [Parameter, EditorRequired] public string Title { get; set; } = "";

    /// <summary>What will happen, with numbers, and what will not. A line is a paragraph.</summary>
    [Parameter, EditorRequired] public string Body { get; set; } = "";

    /// <summary>The act itself, a verb: "Stop".</summary>
    [Parameter, EditorRequired] public string ConfirmText { get; set; } = "";

    /// <summary>What the safe answer is called; "Cancel" when not given.</summary>
    [Parameter] public string? CancelText { get; set; }

    /// <summary>The act destroys or sends something.</summary>
    [Parameter] public bool Danger { get; set; }

    /// <summary>Asks, and answers whether the person confirmed. Escape and a click beside the dialog mean no.</summary>
    public static async Task<bool> AskAsync(
        IDialogService dialogs, string title, string body, string confirmText, bool danger = false, string? cancelText = null)
    {
        var parameters = new DialogParameters<ConfirmDialog>
        {
            { d => d.Title, title },
            { d => d.Body, body },
            { d => d.ConfirmText, confirmText },
            { d => d.CancelText, cancelText },
            { d => d.Danger, danger },
        };
        var options = new DialogOptions { MaxWidth = MaxWidth.ExtraSmall, FullWidth = true, CloseOnEscapeKey = true };
        var dialog = await dialogs.ShowAsync<ConfirmDialog>(title, parameters, options);
        return await dialog.Result is { Canceled: false };
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && _cancel is not null)
            await _cancel.FocusAsync();
    }

    private void Cancel() => Dialog.Cancel();

    private void Confirm() => Dialog.Close();
}
