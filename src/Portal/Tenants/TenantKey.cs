using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Tenants;

/// <summary>A tenant's data key, wrapped by the root (design section 5). Only the dispatch role reads it.</summary>
internal sealed class TenantKey : ITenantOwned
{
    public Guid TenantId { get; init; }

    public int Version { get; init; }

    public int RootKeyId { get; init; }

    public required byte[] Wrapped { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<TenantKey>
    {
        public void Configure(EntityTypeBuilder<TenantKey> builder)
        {
            builder.ToTable("tenant_keys");
            builder.HasKey(k => new { k.TenantId, k.Version });
        }
    }
}
