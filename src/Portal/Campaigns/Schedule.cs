using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Campaigns;

public enum ScheduleState { Paused, Active, Ended }

/// <summary>Makes a campaign of its own each time its rule says so. The row decides (design section 3.2).</summary>
public sealed class Schedule : ITenantOwned
{
    public Guid TenantId { get; init; }

    /// <summary>That of the draft it was made from: what happened to it goes on.</summary>
    public Guid Id { get; init; }

    public required string Name { get; set; }

    public required Guid AccountId { get; set; }

    public required Guid[] ListIds { get; set; }

    public required string Text { get; set; }

    /// <summary>IANA zone of its wall-clock times.</summary>
    public required string TimeZone { get; init; }

    /// <summary>As <see cref="RecurrenceText"/> writes it.</summary>
    public required string Rule { get; set; }

    public required DateOnly StartsOn { get; set; }

    /// <summary>The last day, itself included.</summary>
    public DateOnly? EndsOn { get; set; }

    /// <summary>A run that could not start within so many minutes is not started, but asked about; null: however late.</summary>
    public int? StartWithin { get; set; }

    public ScheduleState State { get; set; }

    /// <summary>The wall-clock time of the next run; none unless active.</summary>
    public DateTime? NextOccurrence { get; set; }

    /// <summary>The instant that <see cref="NextOccurrence"/> stands for.</summary>
    public DateTimeOffset? NextDueAt { get; set; }

    /// <summary>Wall-clock times ahead that make no campaign.</summary>
    public DateTime[] Skipped { get; set; } = [];

    /// <summary>To so many people a second person approved its runs, and to a few more (<see cref="Approvals.UpTo"/>). Changed, it is approved no more.</summary>
    public int? ApprovedPeople { get; set; }

    /// <summary>Who approved them: neither who made it nor who changed it last.</summary>
    public Guid? ApprovedBy { get; set; }

    public string? ApprovedByName { get; set; }

    public Guid CreatedBy { get; init; }

    public required string CreatedByName { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who changed what it sends, to whom or when, last; null: it is as it was made.</summary>
    public Guid? ChangedBy { get; set; }

    public string? ChangedByName { get; set; }

    /// <summary>By a person; its runs do not count as changes.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Runs without the skipped ones.</summary>
    internal static IEnumerable<Occurrence> Wanted(IEnumerable<Occurrence> runs, DateTime[] skipped) => runs.Where(r => !skipped.Contains(r.Wall));

    /// <summary>Sets what comes next; without a next run it is over.</summary>
    internal void ComesNext(Occurrence? run)
    {
        State = run is null ? ScheduleState.Ended : ScheduleState.Active;
        (NextOccurrence, NextDueAt) = (run?.Wall, run?.At.ToUniversalTime());
    }

    /// <summary>A second person lets runs to so many people go out.</summary>
    internal void Approve(int people, Guid by, string name) => (ApprovedPeople, ApprovedBy, ApprovedByName) = (people, by, CampaignName.Cut(name));

    /// <summary>The member made it, or changed it last.</summary>
    internal bool IsOf(Guid member) => CreatedBy == member || ChangedBy == member;

    /// <summary>Makes no run from now on.</summary>
    internal void Rest(ScheduleState state)
    {
        State = state;
        (NextOccurrence, NextDueAt) = (null, null);
    }

    private sealed class Configuration : IEntityTypeConfiguration<Schedule>
    {
        public void Configure(EntityTypeBuilder<Schedule> builder)
        {
            builder.ToTable("schedules", t =>
            {
                t.HasCheckConstraint("ck_schedules_next", "(state = 'active') = (next_due_at is not null) and (next_due_at is null) = (next_occurrence is null)");
                t.HasCheckConstraint("ck_schedules_within", "start_within >= 1");
                t.HasCheckConstraint("ck_schedules_approved", "(approved_by is null) = (approved_people is null) and approved_by <> created_by and approved_by is distinct from coalesce(changed_by, created_by)");
            });
            builder.HasKey(s => new { s.TenantId, s.Id });
            builder.HasIndex(s => new { s.TenantId, s.NextDueAt }).HasFilter("state = 'active'").HasDatabaseName("ix_schedules_due");
            builder.Property(s => s.Name).HasMaxLength(100);
            builder.Property(s => s.TimeZone).HasMaxLength(64);
            builder.Property(s => s.Rule).HasMaxLength(RecurrenceText.Longest);
            builder.Property(s => s.State).IsWord();
            builder.Property(s => s.NextOccurrence).HasColumnType("timestamp without time zone");
            builder.Property(s => s.Skipped).HasColumnType("timestamp without time zone[]");
            builder.Property(s => s.CreatedByName).HasMaxLength(100);
            builder.Property(s => s.ChangedByName).HasMaxLength(100);
            builder.Property(s => s.ApprovedByName).HasMaxLength(100);
        }
    }
}
