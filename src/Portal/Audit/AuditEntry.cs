using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Audit;

/// <summary>Who did what, when. Written once, in the transaction of what it tells of; the portal's roles cannot change it.</summary>
public sealed class AuditEntry : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset At { get; init; }

    /// <summary>Null where the portal itself acted.</summary>
    public Guid? ActorId { get; init; }

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
        }
    }
}
