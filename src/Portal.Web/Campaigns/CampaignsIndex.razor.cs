using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Campaigns;
using Portal.Live;
using Portal.Tenants;
using Portal.Web.Shell;

namespace Portal.Web.Campaigns;

public partial class CampaignsIndex
{
    private CampaignListView? _view;
    private IReadOnlyList<MissedCampaign> _missed = [];
    private CampaignFilter _filter;
    private LiveRefresh? _live;

    [Inject] private IStringLocalizer<CampaignsText> L { get; set; } = default!;

    [Inject] private IStringLocalizer<SchedulesText> Words { get; set; } = default!;

    [Inject] private MissedCampaigns Missed { get; set; } = default!;

    [Inject] private MissedAnswers Answers { get; set; } = default!;

    [Inject] private CampaignList List { get; set; } = default!;

    [Inject] private LiveFeed Feed { get; set; } = default!;

    [Inject] private TimeProvider Clock { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    /// <summary>A word of <see cref="CampaignFilter"/>.</summary>
    [SupplyParameterFromQuery] public string? State { get; set; }

    [SupplyParameterFromQuery] public string? Search { get; set; }

    [SupplyParameterFromQuery] public int? Page { get; set; }

    private bool MayChange => Role >= MemberRole.Sender;

    protected override Task LoadAsync()
    {
        _live = new LiveRefresh(Feed, Tenant.Id, Clock, _ => true, () => InvokeAsync(RefreshAsync));
        return Task.CompletedTask;
    }

    protected override Task OnParametersSetAsync()
    {
        _filter = Enum.TryParse<CampaignFilter>(State, ignoreCase: true, out var filter) ? filter : CampaignFilter.All;
        return ReadAsync();
    }

    protected override void Dispose(bool disposing)
    {
        _live?.Dispose();
        base.Dispose(disposing);
    }

    private async Task ReadAsync()
    {
        var member = await MemberAsync();
        _missed = await Missed.RunAsync(member, Stopping);
        _view = await List.RunAsync(member, new(_filter, Search, Page ?? 1), Stopping);
    }

    private async Task RefreshAsync()
    {
        try
        {
            await ReadAsync();
            StateHasChanged();
        }
        catch (Exception e) when (!Stopping.IsCancellationRequested)
        {
            await DispatchExceptionAsync(e);
        }
    }

    private async Task SendMissedAsync(MissedCampaign campaign)
    {
        await Answers.SendAsync(campaign, MemberAsync, Stopping);
        await ReadAsync();
    }

    private async Task MoveMissedAsync((MissedCampaign Campaign, DateTime At) answer)
    {
        await Answers.MoveAsync(answer.Campaign, answer.At, MemberAsync, Stopping);
        await ReadAsync();
    }

    private async Task DropMissedAsync(MissedCampaign campaign)
    {
        await Answers.DropAsync(campaign, MemberAsync, Stopping);
        await ReadAsync();
    }

    private void ChooseAsync(ChangeEventArgs change) => Go((string?)change.Value, Search);

    private void SearchAsync(ChangeEventArgs change) => Go(State, (string?)change.Value);

    private void Go(string? state, string? search) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["state"] = state is null or nameof(CampaignFilter.All) ? null : state.ToLowerInvariant(),
        ["search"] = string.IsNullOrWhiteSpace(search) ? null : search.Trim(),
        ["page"] = null,
    }));

    private string PageHref(int page) => Navigation.GetUriWithQueryParameter("page", page);
}
