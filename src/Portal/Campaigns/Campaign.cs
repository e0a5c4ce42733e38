using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Campaigns;

/// <summary>What a person decided. Once it runs, the rest (preparing, running, finished) is its sending's state.</summary>
public enum CampaignState { Draft, AwaitingApproval, Scheduled, Started, Cancelled }

/// <summary>One text to one audience at one time.</summary>
public sealed class Campaign : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string Name { get; set; }

    public CampaignState State { get; set; }

    public Guid? AccountId { get; set; }

    public Guid[] ListIds { get; set; } = [];

    public string Text { get; set; } = "";

    /// <summary>Planned wall-clock time in <see cref="TimeZone"/>; null means now.</summary>
    public DateTime? PlannedAt { get; set; }

    /// <summary>IANA zone of <see cref="PlannedAt"/>.</summary>
    public required string TimeZone { get; set; }

    /// <summary>The instant that <see cref="PlannedAt"/> stands for, or the end of the undo window.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Past this it is not started any more, but asked about.</summary>
    public DateTimeOffset? NotAfter { get; set; }

    /// <summary>Its requests are spread over so many minutes from its start; see <see cref="CampaignPace"/>.</summary>
    public int? SpreadMinutes { get; set; }

    /// <summary>Wall-clock time in <see cref="TimeZone"/> by which its last request shall leave.</summary>
    public DateTime? FinishBy { get; set; }

    /// <summary>So many people go first, and the rest only when enough of them were delivered.</summary>
    public int? CanaryPeople { get; set; }

    public int? CanaryPercent { get; set; }

    public int? CanaryMinutes { get; set; }

    /// <summary>Set when it could not start: a person decides what becomes of it.</summary>
    public DateTimeOffset? MissedAt { get; set; }

    /// <summary>Why, while <see cref="MissedAt"/> is set: a word of <see cref="StartObstacle"/>.</summary>
    public string? MissedWhy { get; set; }

    /// <summary>Of a draft that is to become a schedule: its rule, unfinished as it may be. The four go together.</summary>
    public string? RepeatRule { get; set; }

    public DateOnly? RepeatFrom { get; set; }

    public DateOnly? RepeatUntil { get; set; }

    public int? RepeatWithin { get; set; }

    /// <summary>The schedule that made it.</summary>
    public Guid? ScheduleId { get; init; }

    /// <summary>The wall-clock time of the schedule that it stands for: each has one campaign.</summary>
    public DateTime? Occurrence { get; init; }

    public Guid CreatedBy { get; init; }

    public required string CreatedByName { get; init; }

    /// <summary>Who asked for a second person's approval; null when nobody had to.</summary>
    public Guid? AskedBy { get; set; }

    public string? AskedByName { get; set; }

    public DateTimeOffset? AskedAt { get; set; }

    /// <summary>Who approved it: neither who began it nor who asked.</summary>
    public Guid? ApprovedBy { get; set; }

    /// <summary>To more people than this it is to be approved anew: what was approved, for itself or for the schedule that made it, and a few more.</summary>
    public int? ApprovedUpTo { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ChangedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>The sending that carries it out, once started.</summary>
    public Guid? SendingId { get; set; }

    /// <summary>Hangfire's job that wakes it; the row decides.</summary>
    public string? WakeJob { get; set; }

    [NotMapped]
    public RepeatInput? Repeat
    {
        get => RepeatRule is { } rule ? new(rule, RepeatFrom, RepeatUntil, RepeatWithin) : null;
        set => (RepeatRule, RepeatFrom, RepeatUntil, RepeatWithin) = (value?.Rule, value?.From, value?.Until, value?.Within);
    }

    private sealed class Configuration : IEntityTypeConfiguration<Campaign>
    {
        public void Configure(EntityTypeBuilder<Campaign> builder)
        {
            builder.ToTable("campaigns", t =>
            {
                t.HasCheckConstraint("ck_campaigns_due", "state <> 'scheduled' or (due_at is not null and account_id is not null and text <> '')");
                t.HasCheckConstraint("ck_campaigns_pace", "spread_minutes is null or finish_by is null");
                t.HasCheckConstraint("ck_campaigns_canary", "(canary_people is null) = (canary_percent is null) and (canary_people is null) = (canary_minutes is null)");
                t.HasCheckConstraint("ck_campaigns_schedule", "(schedule_id is null) = (occurrence is null)");
                t.HasCheckConstraint("ck_campaigns_asked", "state <> 'awaiting_approval' or (asked_by is not null and asked_at is not null and account_id is not null and text <> '')");
                t.HasCheckConstraint("ck_campaigns_approved", "approved_by is null or (asked_by is not null and approved_by <> asked_by and approved_by <> created_by)");
                t.HasCheckConstraint("ck_campaigns_started", "(state = 'started') = (sending_id is not null)");
            });
            builder.HasKey(c => new { c.TenantId, c.Id });
            builder.HasIndex(c => new { c.TenantId, c.SendingId }).IsUnique();
            builder.HasIndex(c => new { c.TenantId, c.DueAt }).HasFilter("state = 'scheduled'").HasDatabaseName("ix_campaigns_due");
            builder.HasIndex(c => new { c.TenantId, c.ScheduleId, c.Occurrence }).IsUnique().HasFilter("schedule_id is not null");
            builder.Property(c => c.Name).HasMaxLength(100);
            builder.Property(c => c.State).IsWord();
            builder.Property(c => c.TimeZone).HasMaxLength(64);
            builder.Property(c => c.PlannedAt).HasColumnType("timestamp without time zone");
            builder.Property(c => c.FinishBy).HasColumnType("timestamp without time zone");
            builder.Property(c => c.Occurrence).HasColumnType("timestamp without time zone");
            builder.Property(c => c.MissedWhy).HasMaxLength(40);
            builder.Property(c => c.RepeatRule).HasMaxLength(RecurrenceText.Longest);
            builder.Property(c => c.CreatedByName).HasMaxLength(100);
            builder.Property(c => c.AskedByName).HasMaxLength(100);
            builder.Property(c => c.WakeJob).HasMaxLength(40);
            builder.Property<uint>("xmin").IsRowVersion();
        }
    }
}
