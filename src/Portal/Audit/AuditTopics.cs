using A = Portal.Audit.AuditActions;

namespace Portal.Audit;

/// <summary>What an audit can be filtered by: kinds of actions. Each action is in one of them.</summary>
public static class AuditTopics
{
    private static readonly (string Topic, string[] Actions)[] _all =
    [
        ("company", [A.TenantCreated, A.TenantSuspended, A.TenantResumed, A.TrialLifted, A.BoundsChanged, A.ProviderHostsChanged, A.CountriesBounded, A.DeletionAsked, A.DeletionCalledOff, A.TenantKeysDeleted, A.TenantDeleted, A.DataExported, A.ActingStarted, A.ActingEnded]),
        ("team", [A.MemberInvited, A.InvitationResent, A.InvitationWithdrawn, A.MemberJoined, A.MemberRoleChanged, A.MemberRemoved, A.SecondFactorDemanded, A.SecondFactorLetGo]),
        ("sign_in", [A.PasswordChanged, A.PasswordReset, A.SecondFactorSet, A.SecondFactorRemoved, A.SessionsEnded, A.RecoveryCodeUsed, A.RecoveryCodesRenewed, A.PasskeyAdded, A.PasskeyRemoved, A.OpenIdLinked, A.OpenIdUnlinked]),
        ("settings", [A.LimitsChanged, A.CountriesChanged, A.SendingRulesChanged, A.QuietHoursChanged, A.OwnNumberAdded, A.OwnNumberRemoved, A.RetentionChanged, A.DataCleared]),
        ("accounts", [A.AccountAdded, A.AccountChanged, A.AccountStopped, A.AccountResumed, A.RefusalDoubted, A.HalvingAllowed, A.KeyPairSet, A.KeyPairProven, A.KeyPairNotProven, A.OwnAddressIssued, A.OwnAddressWithdrawn, A.OwnAddressOnly, A.TestSent]),
        ("contacts", [A.ContactsImported, A.ImportCancelled, A.ListCreated, A.ListRenamed, A.ListDeleted, A.NumberSuppressed, A.NumberUnsuppressed]),
        ("campaigns",
        [
            A.CampaignCreated, A.CampaignDeleted, A.CampaignDuplicated, A.CampaignScheduled, A.CampaignApprovalAsked, A.CampaignApprovalNeeded, A.CampaignApproved,
            A.CampaignApprovedLate, A.CampaignDeclined, A.CampaignUndone, A.CampaignStarted, A.CampaignPrepared, A.CampaignPaused, A.CampaignResumed, A.CampaignCancelled,
            A.CampaignFinished, A.CampaignMissed, A.CampaignSentLate, A.CampaignMoved, A.CampaignMade, A.CampaignHeldBack, A.DoubtsCounted, A.DoubtsSentAgain,
            A.ScheduleApproved, A.ScheduleCreated, A.ScheduleChanged, A.SchedulePaused, A.ScheduleResumed, A.ScheduleEnded, A.ScheduleOver, A.ScheduleMissed, A.RunSkipped, A.RunWanted,
        ]),
    ];

    public static IReadOnlyList<string> All { get; } = [.. _all.Select(t => t.Topic)];

    /// <summary>Empty for a word that is none.</summary>
    public static string[] ActionsOf(string topic) => _all.FirstOrDefault(t => t.Topic == topic).Actions ?? [];
}
