using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Audit;

/// <summary>
/// Who did what, when, from where. Written once, in the transaction of what it tells of; the portal's roles cannot change it, and
/// the database links each to the one before it (<see cref="AuditLink"/>). Entries of the tenant <see cref="Guid.Empty"/> are about the portal itself.
/// </summary>
public sealed class AuditEntry : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset At { get; init; }

    /// <summary>Null where the portal itself acted.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>How the person was called then. Filled in by the database, which may read names.</summary>
    public string? ActorName { get; init; }

    /// <summary>The browser's address, or <c>console</c>. Taken from the connection unless given.</summary>
    public string? Address { get; init; }

    /// <summary>Tells the person's sessions apart. Taken from the connection unless given.</summary>
    public string? Session { get; init; }

    /// <summary>Somebody who runs the portal did it.</summary>
    public bool ByOperator { get; init; }

    /// <summary>What it was done to: an account's, a campaign's, a list's id.</summary>
    public Guid SubjectId { get; init; }

    /// <summary>A word of <see cref="AuditActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>Figures and names for the sentence that a page shows; never a secret, a text or a number.</summary>
    public string[] Details { get; init; } = [];

    private sealed class Configuration : IEntityTypeConfiguration<AuditEntry>
    {
        public void Configure(EntityTypeBuilder<AuditEntry> builder)
        {
            builder.ToTable("audit_entries");
            builder.HasKey(e => new { e.TenantId, e.Id });
            builder.HasIndex(e => new { e.TenantId, e.SubjectId, e.At });
            builder.HasIndex(e => new { e.TenantId, e.At });
            // For operators, who look across tenants.
            builder.HasIndex(e => e.At).HasFilter("by_operator").HasDatabaseName("ix_audit_entries_operators");
            builder.Property(e => e.ActorName).HasMaxLength(256);
            builder.Property(e => e.Address).HasMaxLength(64);
            builder.Property(e => e.Session).HasMaxLength(16);
            // Written with every entry: nobody who only inserts could read a default back.
            builder.Property(e => e.ByOperator).HasDefaultValue(false).ValueGeneratedNever();
        }
    }
}
