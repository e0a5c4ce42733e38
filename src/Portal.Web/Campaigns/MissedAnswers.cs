using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Campaigns;
using Portal.Tenants;
using Portal.Web.Shell;

namespace Portal.Web.Campaigns;

/// <summary>How the answers about missed campaigns fare, for what shows the questions.</summary>
/// <param name="Busy">One is being carried out.</param>
/// <param name="Asked">The campaign whose answer was refused.</param>
/// <param name="Problems">Why.</param>
public sealed record MissedState(bool Busy, Guid? Asked, IReadOnlyList<Problem> Problems)
{
    public static MissedState Idle { get; } = new(false, null, []);

    public IReadOnlyList<Problem> Of(Guid campaignId) => campaignId == Asked ? Problems : [];
}

/// <summary>Carries out the answers, on whichever page they are given. One for each page.</summary>
public sealed class MissedAnswers(SendMissed send, MoveMissed move, CancelCampaign cancel, IDialogService dialogs, IStringLocalizer<SchedulesText> texts)
{
    public MissedState State { get; private set; } = MissedState.Idle;

    public async Task SendAsync(MissedCampaign campaign, Func<Task<Member>> member, CancellationToken ct)
    {
        if (await ConfirmDialog.AskAsync(dialogs, texts["Missed.Send.Title", campaign.Name], texts["Missed.Send.Body"], texts["Missed.Send.Do"]))
            await WorkAsync(campaign.Id, async () => (await send.RunAsync(await member(), campaign.Id, ct)).Problems);
    }

    public Task MoveAsync(MissedCampaign campaign, DateTime at, Func<Task<Member>> member, CancellationToken ct) =>
        WorkAsync(campaign.Id, async () => (await move.RunAsync(await member(), new(campaign.Id, at), ct)).Problems);

    public async Task DropAsync(MissedCampaign campaign, Func<Task<Member>> member, CancellationToken ct)
    {
        if (await ConfirmDialog.AskAsync(dialogs, texts["Missed.Drop.Title", campaign.Name], texts["Missed.Drop.Body"], texts["Missed.Drop.Do"], danger: true))
            await WorkAsync(campaign.Id, async () => (await cancel.RunAsync(await member(), campaign.Id, ct)).Problems);
    }

    private async Task WorkAsync(Guid campaignId, Func<Task<IReadOnlyList<Problem>>> work)
    {
        State = new(true, null, []);
        try
        {
            State = new(false, campaignId, await work());
        }
        finally
        {
            State = State with { Busy = false };
        }
    }
}
