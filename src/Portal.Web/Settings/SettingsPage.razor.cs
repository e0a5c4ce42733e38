using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Contacts;
using Portal.Dispatch;
using Portal.Tenants;
using Portal.Web.Contacts;
using Portal.Web.Shell;
using Portal.Web.SignIn;

namespace Portal.Web.Settings;

/// <summary>What a tenant decides about its sending: anybody reads it, managers change it.</summary>
public partial class SettingsPage
{
    private SendingRulesView? _rules;
    private LimitsView? _limits;
    private IReadOnlyList<OwnNumberLine> _own = [];
    private IReadOnlyList<QuietRule> _quiet = [];

    [Inject] private IStringLocalizer<SettingsText> L { get; set; } = default!;

    [Inject] private IStringLocalizer<CountriesText> Countries { get; set; } = default!;

    [Inject] private SendingRules Rules { get; set; } = default!;

    [Inject] private TenantLimits Limits { get; set; } = default!;

    [Inject] private OwnNumbers Own { get; set; } = default!;

    [Inject] private QuietRules Quiet { get; set; } = default!;

    [Inject] private ChangeQuietHours ChangeQuiet { get; set; } = default!;

    [Inject] private ChangeCountries ChangeCountries { get; set; } = default!;

    [Inject] private ChangeSendingRules ChangeRules { get; set; } = default!;

    [Inject] private ChangeRetention ChangeKeep { get; set; } = default!;

    [Inject] private ConfirmAgain Again { get; set; } = default!;

    [Inject] private IDialogService Dialogs { get; set; } = default!;

    [Inject] private ChangeLimits ChangeLimits { get; set; } = default!;

    [Inject] private AddOwnNumber AddOwn { get; set; } = default!;

    [Inject] private RemoveOwnNumber RemoveOwn { get; set; } = default!;

    private bool MayChange => Role >= MemberRole.Manager;

    protected override async Task LoadAsync()
    {
        var member = await MemberAsync();
        _rules = await Rules.RunAsync(member, Stopping);
        _quiet = await Quiet.RunAsync(member, Stopping);
        _limits = await Limits.RunAsync(member, Stopping);
        _own = await Own.RunAsync(member, Stopping);
    }

    private Task<IReadOnlyList<Problem>> SaveCountriesAsync(IReadOnlyList<string> countries) => WorkAsync(m => ChangeCountries.RunAsync(m, countries, Stopping));

    private Task<IReadOnlyList<Problem>> SaveRulesAsync(SendingRulesInput input) => WorkAsync(m => ChangeRules.RunAsync(m, input, Stopping));

    private async Task<IReadOnlyList<Problem>?> SaveKeepAsync(RetentionInput input)
    {
        var before = _rules!.Keep;
        if (IsShorter(input.MessagesDays, before.MessagesDays) || IsShorter(input.ReceiptsDays, before.ReceiptsDays) || IsShorter(input.ContactsDays, before.ContactsDays))
        {
            if (!await ConfirmDialog.AskAsync(Dialogs, L["Keep.ConfirmTitle"], L["Keep.ConfirmBody"], L["Keep.ConfirmDo"], danger: true))
                return null;
        }
        return await Again.EnsureAsync(Dialogs, Stopping) ? await WorkAsync(m => ChangeKeep.RunAsync(m, input, Stopping)) : null;
    }

    private static bool IsShorter(int? after, int? before) => after is not null && (before is null || after < before);

    private Task<IReadOnlyList<Problem>> SaveQuietAsync(IReadOnlyList<QuietRule> rules) => WorkAsync(m => ChangeQuiet.RunAsync(m, rules, Stopping));

    private Task<IReadOnlyList<Problem>> SaveLimitsAsync(IReadOnlyList<LimitInput> input) => WorkAsync(m => ChangeLimits.RunAsync(m, input, Stopping));

    private Task<IReadOnlyList<Problem>> AddOwnAsync(string typed) => WorkAsync(m => AddOwn.RunAsync(m, typed, Stopping));

    private Task<IReadOnlyList<Problem>> RemoveOwnAsync(string number) => WorkAsync(m => RemoveOwn.RunAsync(m, number, Stopping));

    private async Task<IReadOnlyList<Problem>> WorkAsync<T>(Func<Member, Task<Result<T>>> work)
    {
        var result = await work(await MemberAsync());
        if (result.Ok)
            await LoadAsync();
        StateHasChanged();
        return result.Problems;
    }
}
