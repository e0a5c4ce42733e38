using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Receipts;

/// <summary>
/// Receipts say that a taskid is of this attempt, whose own reply never told it. It is evidence, no fact: receipts may be
/// forged. So it lies beside the attempt, not in it, and only leads receipts to their messages.
/// </summary>
public sealed class TaskEvidence : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid AccountId { get; init; }

    public required string TaskId { get; init; }

    public Guid SendingId { get; init; }

    public int BatchNo { get; init; }

    public int AttemptNo { get; init; }

    public DateTimeOffset At { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<TaskEvidence>
    {
        public void Configure(EntityTypeBuilder<TaskEvidence> builder)
        {
            builder.ToTable("task_evidence");
            builder.HasKey(e => new { e.TenantId, e.AccountId, e.TaskId });
            builder.HasIndex(e => new { e.TenantId, e.SendingId, e.BatchNo, e.AttemptNo });
            builder.Property(e => e.TaskId).HasMaxLength(64);
        }
    }
}
