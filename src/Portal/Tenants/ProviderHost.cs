using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Tenants;

/// <summary>
/// A host that an operator lets a tenant's accounts call, besides those of the settings: <c>host</c> for its scheme's own port,
/// <c>host:port</c> for another. Only an operator's role writes it.
/// </summary>
public sealed class ProviderHost : ITenantOwned
{
    public Guid TenantId { get; init; }

    public required string Host { get; init; }

    public DateTimeOffset AllowedAt { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<ProviderHost>
    {
        public void Configure(EntityTypeBuilder<ProviderHost> builder)
        {
            builder.ToTable("provider_hosts");
            builder.HasKey(h => new { h.TenantId, h.Host });
            builder.Property(h => h.Host).HasMaxLength(200);
        }
    }
}
