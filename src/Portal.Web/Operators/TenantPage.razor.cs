using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Dispatch;
using Portal.Members;
using Portal.Web.Settings;
using Portal.Web.Shell;

namespace Portal.Web.Operators;

/// <summary>One tenant: its trial and what it may send at most.</summary>
public sealed partial class TenantPage : IDisposable
{
    private readonly PageLife _stopping = new();
    private TenantBoundsView? _view;
    private LimitDraft _draft = new(LimitFigures.None);
    private IReadOnlyList<Problem> _problems = [];
    private string? _failed;
    private bool _loaded;
    private bool _saved;
    private bool _busy;

    [Inject] private CurrentOperator Current { get; set; } = default!;

    [Inject] private TenantBounds Query { get; set; } = default!;

    [Inject] private BoundTenant Bound { get; set; } = default!;

    [Inject] private LiftTrial Lift { get; set; } = default!;

    [Inject] private IDialogService Dialogs { get; set; } = default!;

    [Inject] private IStringLocalizer<OperatorsText> L { get; set; } = default!;

    /// <summary>The tenant's id, from the address.</summary>
    [Parameter] public Guid Id { get; set; }

    public void Dispose()
    {
        _stopping.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        await LoadAsync();
        _draft = new(_view?.Bounds ?? LimitFigures.None);
        _loaded = true;
    }

    private async Task LoadAsync() => _view = await Query.RunAsync(await Current.OperatorAsync(_stopping.Token), Id, _stopping.Token);

    private async Task SaveAsync()
    {
        if (_busy)
            return;
        (_busy, _saved) = (true, false);
        try
        {
            var after = _draft.Read();
            if (after.IsStricterThan(_view!.Bounds)
                && !await ConfirmDialog.AskAsync(Dialogs, L["Bounds.Ask", _view.Name], L["Bounds.Body", _view.Sent], L["Bounds.Do"], danger: true))
            {
                return;
            }
            var result = await Bound.RunAsync(await Current.OperatorAsync(_stopping.Token), Id, after, _stopping.Token);
            (_problems, _saved) = (result.Problems, result.Ok);
            if (result.Ok)
                await LoadAsync();
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task LiftAsync()
    {
        if (!await ConfirmDialog.AskAsync(Dialogs, L["Trial.LiftTitle", _view!.Name], L["Trial.Body"], L["Trial.LiftDo"]))
            return;
        var result = await Lift.RunAsync(await Current.OperatorAsync(_stopping.Token), Id, _stopping.Token);
        _failed = L.Of(result.Problems, "");
        await LoadAsync();
    }
}
