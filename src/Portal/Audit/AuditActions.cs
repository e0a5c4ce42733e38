namespace Portal.Audit;

/// <summary>The words an audit entry can carry: keys of the sentences on the pages.</summary>
public static class AuditActions
{
    public const string TenantCreated = "tenant_created";
    public const string TenantSuspended = "tenant_suspended";
    public const string TenantResumed = "tenant_resumed";
    public const string AccountAdded = "account_added";
    public const string AccountChanged = "account_changed";
    public const string AccountStopped = "account_stopped";
    public const string AccountResumed = "account_resumed";
    public const string RefusalDoubted = "refusal_doubted";
    public const string HalvingAllowed = "halving_allowed";
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
    public const string CampaignUndone = "campaign_undone";
    public const string CampaignStarted = "campaign_started";
    public const string CampaignPrepared = "campaign_prepared";
    public const string CampaignPaused = "campaign_paused";
    public const string CampaignResumed = "campaign_resumed";
    public const string CampaignCancelled = "campaign_cancelled";
    public const string CampaignFinished = "campaign_finished";
    public const string CampaignMissed = "campaign_missed";
    public const string CampaignSentLate = "campaign_sent_late";
    public const string CampaignMoved = "campaign_moved";
    public const string CampaignMade = "campaign_made";
    public const string ScheduleCreated = "schedule_created";
    public const string ScheduleChanged = "schedule_changed";
    public const string SchedulePaused = "schedule_paused";
    public const string ScheduleResumed = "schedule_resumed";
    public const string ScheduleEnded = "schedule_ended";
    public const string ScheduleOver = "schedule_over";
    public const string ScheduleMissed = "schedule_missed";
    public const string RunSkipped = "run_skipped";
    public const string RunWanted = "run_wanted";
    public const string CampaignHeldBack = "campaign_held_back";
    public const string DoubtsCounted = "doubts_counted";
    public const string DoubtsSentAgain = "doubts_sent_again";
}
