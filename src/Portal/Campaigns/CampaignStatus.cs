using Portal.Accounts;
using Portal.Dispatch;

namespace Portal.Campaigns;

/// <summary>A campaign's state in the words that people see (design section 1).</summary>
public enum CampaignStatus
{
    Draft,

    /// <summary>A second person approves or declines it.</summary>
    AwaitingApproval,

    Scheduled,

    /// <summary>Its last allowed time had passed before it could start: a person decides.</summary>
    Missed,

    Preparing,
    Running,
    Paused,

    /// <summary>Its account is stopped or disabled: it waits, and goes on with the account.</summary>
    Stopped,

    /// <summary>Nothing is left to send; doubts and receipts may still be open.</summary>
    Finished,

    Cancelled,
}

internal static class CampaignStatuses
{
    public static CampaignStatus Of(CampaignState state, bool missed, SendingState? sending, AccountState? account) => (state, sending) switch
    {
        (CampaignState.Draft, _) => CampaignStatus.Draft,
        (CampaignState.AwaitingApproval, _) => CampaignStatus.AwaitingApproval,
        (CampaignState.Cancelled, _) or (_, SendingState.Cancelled) => CampaignStatus.Cancelled,
        (CampaignState.Scheduled, _) => missed ? CampaignStatus.Missed : CampaignStatus.Scheduled,
        (_, SendingState.Finished) => CampaignStatus.Finished,
        (_, SendingState.Paused) => CampaignStatus.Paused,
        (_, SendingState.Stopped) => CampaignStatus.Stopped,
        _ when account is not (null or AccountState.Active) => CampaignStatus.Stopped,
        (_, SendingState.Preparing) => CampaignStatus.Preparing,
        _ => CampaignStatus.Running,
    };
}
