using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Dispatch;

public enum AttemptState { Dispatching, Accepted, Refused, InDoubt, NotSent }

/// <summary>
/// One HTTP request for a batch. Committed as <see cref="AttemptState.Dispatching"/> before the first byte leaves;
/// its outcome is evidence and is written by the attempt's key, whatever the lease says by then.
/// </summary>
public sealed class Attempt : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid SendingId { get; init; }

    public int BatchNo { get; init; }

    public int AttemptNo { get; init; }

    public Guid AccountId { get; init; }

    public long Fence { get; init; }

    public int KeyVersion { get; init; }

    /// <summary>The request's own timestamp: GMT+8, <c>yyyyMMddHHmmss</c>. An attempt is never signed again.</summary>
    public required string Timestamp { get; init; }

    /// <summary>How many numbers it carries.</summary>
    public int Numbers { get; init; }

    public AttemptState State { get; set; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    public int? HttpStatus { get; set; }

    public string? Code { get; set; }

    /// <summary>Why it is in doubt, or why it was not sent.</summary>
    public string? Why { get; set; }

    /// <summary>The provider's id as text. Not unique: a repeat is flagged, it never fails an outcome.</summary>
    public string? TaskId { get; set; }

    public int? ValidNumber { get; set; }

    /// <summary>Billed parts (<c>jfts</c>).</summary>
    public int? Segments { get; set; }

    /// <summary>Billed parts as we count them.</summary>
    public int? OwnSegments { get; init; }

    /// <summary>The tenant's day in whose usage it counts; null: in none, or given back.</summary>
    public DateOnly? CountedOn { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<Attempt>
    {
        public void Configure(EntityTypeBuilder<Attempt> builder)
        {
            builder.ToTable("attempts");
            builder.HasKey(a => new { a.TenantId, a.SendingId, a.BatchNo, a.AttemptNo });
            builder.HasIndex(a => new { a.TenantId, a.AccountId, a.TaskId });
            builder.HasIndex(a => new { a.TenantId, a.AccountId, a.StartedAt })
                .HasFilter("state = 'dispatching'").HasDatabaseName("ix_attempts_dispatching");
            builder.Property(a => a.State).IsWord();
            builder.Property(a => a.Timestamp).HasMaxLength(14);
            builder.Property(a => a.Code).HasMaxLength(20);
            builder.Property(a => a.Why).HasMaxLength(40);
            builder.Property(a => a.TaskId).HasMaxLength(64);
        }
    }
}
