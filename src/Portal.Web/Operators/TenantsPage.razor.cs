using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Members;
using Portal.Web.Shell;

namespace Portal.Web.Operators;

/// <summary>Every tenant: create, suspend, resume.</summary>
public sealed partial class TenantsPage : IDisposable
{
    private readonly PageLife _stopping = new();
    private IReadOnlyList<TenantRow>? _rows;
    private TenantDraft? _new;
    private IReadOnlyList<Problem> _problems = [];
    private CreatedTenant? _created;
    private string? _failed;
    private bool _busy;

    [Inject] private CurrentOperator Current { get; set; } = default!;

    [Inject] private TenantList List { get; set; } = default!;

    [Inject] private CreateTenant Create { get; set; } = default!;

    [Inject] private SuspendTenant Suspend { get; set; } = default!;

    [Inject] private ResumeTenant Resume { get; set; } = default!;

    [Inject] private IDialogService Dialogs { get; set; } = default!;

    [Inject] private IStringLocalizer<OperatorsText> L { get; set; } = default!;

    public void Dispose()
    {
        _stopping.Dispose();
    }

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync() => _rows = await List.RunAsync(await Current.OperatorAsync(_stopping.Token), _stopping.Token);

    private void Begin()
    {
        (_new, _created, _failed) = (new(), null, null);
        _problems = [];
    }

    private async Task CreateAsync(TenantDraft draft)
    {
        if (_busy)
            return;
        _busy = true;
        try
        {
            var result = await Create.RunAsync(await Current.OperatorAsync(_stopping.Token), draft.Input, _stopping.Token);
            _problems = result.Problems;
            if (!result.Ok)
                return;
            (_new, _created) = (null, result.Value);
            await LoadAsync();
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task SuspendAsync(TenantRow row)
    {
        if (await SuspendDialog.AskAsync(Dialogs, L["Suspend.Title", row.Name], row.Members) is { } reason)
            await ChangeAsync(by => Suspend.RunAsync(by, row.Id, reason, _stopping.Token));
    }

    private async Task ResumeAsync(TenantRow row)
    {
        if (await ConfirmDialog.AskAsync(Dialogs, L["Resume.Title", row.Name], L["Resume.Body"], L["Resume"]))
            await ChangeAsync(by => Resume.RunAsync(by, row.Id, _stopping.Token));
    }

    private async Task ChangeAsync(Func<Operator, Task<Result<Guid>>> change)
    {
        var result = await change(await Current.OperatorAsync(_stopping.Token));
        _failed = result.Ok ? null : L["Problem_" + result.Problems[0].Code, result.Problems[0].Values].Value;
        await LoadAsync();
    }
}
