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

    /// <summary>People of the batch whom it leaves out, because a receipt of an earlier attempt told of them.</summary>
    public int LeftOut { get; init; }

    public AttemptState State { get; set; }

    /// <summary>Segments by our own count of the text, for all its numbers; the provider's is <see cref="Segments"/>.</summary>
    public int OwnSegments { get; init; }

    /// <summary>
    /// Grows with every attempt of an instance, from blocks that are reserved outside the database first. Null: from before
    /// there were any, or an attempt that stands for an unknown one after a restore.
    /// </summary>
    public long? DispatchNo { get; init; }

    /// <summary>When the pace let it go, by the sender's clock: in any second not more of them than the account's rate.</summary>
    public DateTimeOffset GrantedAt { get; init; }

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

    /// <summary>When a person decided about its doubt: counted it as sent, or had its batch sent again. It is open no more.</summary>
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>The tenant's day in whose usage it counts; null: in none, or given back.</summary>
    public DateOnly? CountedOn { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<Attempt>
    {
        public void Configure(EntityTypeBuilder<Attempt> builder)
        {
            builder.ToTable("attempts");
            builder.HasKey(a => new { a.TenantId, a.SendingId, a.BatchNo, a.AttemptNo });
            // Of those with one alone: it must never look like a way to an attempt by its key.
            builder.HasIndex(a => new { a.TenantId, a.AccountId, a.TaskId }).HasFilter("task_id is not null").HasDatabaseName("ix_attempts_task");
            builder.HasIndex(a => new { a.TenantId, a.AccountId, a.StartedAt })
                .HasFilter("state = 'dispatching'").HasDatabaseName("ix_attempts_dispatching");
            builder.HasIndex(a => new { a.TenantId, a.AccountId, a.StartedAt, a.SendingId })
                .HasFilter("state in ('in_doubt', 'refused')").HasDatabaseName("ix_attempts_in_question");
            builder.HasIndex(a => new { a.TenantId, a.SendingId, a.BatchNo }).IsUnique()
                .HasFilter("state in ('dispatching', 'in_doubt') and decided_at is null").HasDatabaseName("ux_attempts_open");
            builder.Property(a => a.LeftOut).HasDefaultValue(0);
            builder.Property(a => a.State).IsWord();
            builder.Property(a => a.Timestamp).HasMaxLength(14);
            builder.Property(a => a.Code).HasMaxLength(20);
            builder.Property(a => a.Why).HasMaxLength(40);
            builder.Property(a => a.TaskId).HasMaxLength(64);
        }
    }
}
