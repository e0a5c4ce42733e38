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

    /// <summary>By the database's clock: when an older version may go hangs on when the newer one came.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<TenantKey>
    {
        public void Configure(EntityTypeBuilder<TenantKey> builder)
        {
            builder.ToTable("tenant_keys");
            builder.HasKey(k => new { k.TenantId, k.Version });
            builder.Property(k => k.CreatedAt).HasDefaultValueSql("clock_timestamp()");
        }
    }
}
