using Portal.Campaigns;
using Portal.Web.Campaigns;

namespace Portal.Web.Tests.Campaigns;

/// <summary>Campaigns as the queries would give them.</summary>
internal static class Samples
{
    public static readonly Guid Id = Guid.Parse("11111111-1111-1111-1111-111111111111");

    public static CampaignOutcome Outcome { get; } = new(Delivered: 27_840, Sent: 3_160, InDoubt: 0, Failed: 480, Waiting: 16_220, Skipped: 1_104, CalledOff: 0);

    public static CampaignLine Line(CampaignStatus status, string? stoppedCode = null, CampaignOutcome? outcome = null) =>
        new(Id, "Winter tasting", status, stoppedCode, "Lantern CN", PortalContext.Now.AddMinutes(-5), "Lin Yue", outcome ?? Outcome);

    public static CampaignView View(CampaignStatus status, DateTimeOffset? due = null, bool planned = false, string? stoppedCode = null, long inDoubt = 0) => new()
    {
        Line = Line(status, stoppedCode, Outcome with { InDoubt = inDoubt }),
        AccountId = Id,
        SendingId = status > CampaignStatus.Missed ? Id : null,
        BatchSize = 100,
        Rate = 100,
        Speed = status == CampaignStatus.Running ? new(98, PortalContext.Now.AddMinutes(3)) : null,
        Waits = null,
        Text = "Tasting on Friday.",
        ListNames = ["Members", "Guests"],
        TimeZone = "Asia/Shanghai",
        Planned = planned,
        DueAt = due,
        NotAfter = null,
        StartedAt = status > CampaignStatus.Missed ? PortalContext.Now.AddMinutes(-5) : null,
        FinishedAt = null,
        Skips = [],
        Segments = 0,
        Timeline = [],
    };

    public static CampaignReview Review(params Problem[] problems) => new()
    {
        Listed = 1_000,
        Duplicates = 20,
        Suppressed = 30,
        OtherCountries = [],
        Trial = 0,
        TooOften = 0,
        Incomplete = 0,
        Missing = [],
        Empty = 0,
        Messages = 950,
        Segments = 1_900,
        LongestSegments = 2,
        Ucs2 = 0,
        NotGsm = [],
        Requests = 10,
        AccountLabel = "Lantern CN",
        Rate = 5,
        BatchSize = 100,
        ListNames = ["Members"],
        StartsAt = PortalContext.Now.AddSeconds(30),
        HandedOverAt = PortalContext.Now.AddSeconds(32),
        TimeRepeats = false,
        UndoSeconds = 30,
        NeedsApproval = false,
        AsksForReply = null,
        SameTextLately = null,
        Problems = problems,
    };

    public static DraftModel Draft() => new() { Id = Id, Name = "Winter tasting", Text = "Tasting on Friday.", TimeZone = "Asia/Shanghai" };

    public static string StepAddress(WizardStep step) => "/edit?step=" + step;
}
