using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Tenants;

/// <summary>How often a tenant's secrets were opened for a purpose in an hour. Those of the portal itself stand in <c>infra.vault_openings</c>.</summary>
internal sealed class VaultHour : ITenantOwned
{
    public Guid TenantId { get; init; }

    public DateTimeOffset Hour { get; init; }

    public required string Purpose { get; init; }

    public long Openings { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<VaultHour>
    {
        public void Configure(EntityTypeBuilder<VaultHour> builder)
        {
            builder.ToTable("vault_openings");
            builder.HasKey(h => new { h.TenantId, h.Hour, h.Purpose });
            builder.Property(h => h.Purpose).HasMaxLength(40);
        }
    }
}
