using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Audit;

/// <summary>
/// One link of a tenant's audit: SHA-256 of the link before it and of the entry. Written by the trigger <c>audit_chained</c> when the
/// entry's transaction commits (<c>audit.sql</c>), never by the portal.
/// </summary>
internal sealed class AuditLink : ITenantOwned
{
    public Guid TenantId { get; init; }

    /// <summary>1, 2, 3 … in the order of the commits.</summary>
    public long No { get; init; }

    public Guid EntryId { get; init; }

    public required byte[] Hash { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<AuditLink>
    {
        public void Configure(EntityTypeBuilder<AuditLink> builder)
        {
            builder.ToTable("audit_links");
            builder.HasKey(l => new { l.TenantId, l.No });
            builder.HasIndex(l => new { l.TenantId, l.EntryId }).IsUnique();
        }
    }
}

/// <summary>Where a tenant's audit ends: without it, taking the newest entry away would leave no gap.</summary>
internal sealed class AuditHead : ITenantOwned
{
    public Guid TenantId { get; init; }

    public long Entries { get; init; }

    public required byte[] Hash { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<AuditHead>
    {
        public void Configure(EntityTypeBuilder<AuditHead> builder)
        {
            builder.ToTable("audit_heads");
            builder.HasKey(h => h.TenantId);
        }
    }
}
