namespace Portal.Audit;

/// <summary>The words an audit entry can carry: keys of the sentences on the pages.</summary>
public static class AuditActions
{
    public const string TenantCreated = "tenant_created";
    public const string TenantSuspended = "tenant_suspended";
    public const string TenantResumed = "tenant_resumed";
    public const string TrialLifted = "trial_lifted";
    public const string BoundsChanged = "bounds_changed";
    public const string LimitsChanged = "limits_changed";
    public const string CountriesChanged = "countries_changed";
    public const string SendingRulesChanged = "sending_rules_changed";
    public const string QuietHoursChanged = "quiet_hours_changed";
    public const string OwnNumberAdded = "own_number_added";
    public const string OwnNumberRemoved = "own_number_removed";
    public const string AccountAdded = "account_added";
    public const string AccountChanged = "account_changed";
    public const string AccountStopped = "account_stopped";
    public const string AccountResumed = "account_resumed";
    public const string KeyPairSet = "key_pair_set";
    public const string KeyPairProven = "key_pair_proven";
    public const string KeyPairNotProven = "key_pair_not_proven";
    public const string TestSent = "test_sent";
    public const string ContactsImported = "contacts_imported";
    public const string ImportCancelled = "import_cancelled";
    public const string ListCreated = "list_created";
    public const string ListRenamed = "list_renamed";
    public const string ListDeleted = "list_deleted";
    public const string NumberSuppressed = "number_suppressed";
    public const string NumberUnsuppressed = "number_unsuppressed";
    public const string CampaignCreated = "campaign_created";
    public const string CampaignDeleted = "campaign_deleted";
    public const string CampaignDuplicated = "campaign_duplicated";
    public const string CampaignScheduled = "campaign_scheduled";
    public const string CampaignApprovalAsked = "campaign_approval_asked";
    public const string CampaignApproved = "campaign_approved";
    public const string CampaignApprovedLate = "campaign_approved_late";
    public const string CampaignDeclined = "campaign_declined";
    public const string CampaignUndone = "campaign_undone";
    public const string CampaignStarted = "campaign_started";
    public const string CampaignPrepared = "campaign_prepared";
    public const string CampaignPaused = "campaign_paused";
    public const string CampaignResumed = "campaign_resumed";
    public const string CampaignCancelled = "campaign_cancelled";
    public const string CampaignFinished = "campaign_finished";
    public const string CampaignMissed = "campaign_missed";
}
