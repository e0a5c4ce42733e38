using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Accounts;

/// <summary>What may be known of a key pair: everything but the pair. Two can overlap while a tenant rotates.</summary>
public sealed class AccountKey : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid AccountId { get; init; }

    /// <summary>1, 2, 3 … ; the newest that is proven signs.</summary>
    public int Version { get; init; }

    public required string ApiKeyLast4 { get; init; }

    public Guid? SetBy { get; init; }

    public required string SetByName { get; init; }

    public DateTimeOffset SetAt { get; init; }

    /// <summary>When a signed call showed that the provider knows the pair. Before that it sends nothing and receives nothing.</summary>
    public DateTimeOffset? ProvenAt { get; set; }

    /// <summary>Proven, but another tenant proved the same apikey first: an operator decides.</summary>
    public bool Held { get; set; }

    private sealed class Configuration : IEntityTypeConfiguration<AccountKey>
    {
        public void Configure(EntityTypeBuilder<AccountKey> builder)
        {
            builder.ToTable("account_keys");
            builder.HasKey(k => new { k.TenantId, k.AccountId, k.Version });
            builder.HasOne<Account>().WithMany().HasForeignKey(k => new { k.TenantId, k.AccountId });
            builder.Property(k => k.ApiKeyLast4).HasMaxLength(4);
            builder.Property(k => k.SetByName).HasMaxLength(100);
        }
    }
}

/// <summary>The pair itself, sealed by the vault. The app's role may add one and can never read one.</summary>
internal sealed class AccountSecret : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid AccountId { get; init; }

    public int Version { get; init; }

    public required byte[] ApiKey { get; set; }

    public required byte[] Secret { get; set; }

    private sealed class Configuration : IEntityTypeConfiguration<AccountSecret>
    {
        public void Configure(EntityTypeBuilder<AccountSecret> builder)
        {
            builder.ToTable("account_secrets");
            builder.HasKey(s => new { s.TenantId, s.AccountId, s.Version });
            builder.HasOne<AccountKey>().WithOne().HasForeignKey<AccountSecret>(s => new { s.TenantId, s.AccountId, s.Version });
        }
    }
}
