using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Receipts;

/// <summary>
/// An address of an account's own for its receipts, <c>/receipts/{token}</c>. The token is shown once, when it is made; only
/// its hash is kept. It is random and long, so that a plain hash tells nothing of it.
/// </summary>
public sealed class ReceiptToken : ITenantOwned
{
    // In hexadecimal: nothing in it that a provider's console could change.
    private const int Bytes = 20;
    private const int Last = 4;

    public Guid TenantId { get; init; }

    public Guid AccountId { get; init; }

    /// <summary>1, 2, 3 …</summary>
    public int Version { get; init; }

    public required string Hash { get; init; }

    /// <summary>Its end, to know it again at the provider.</summary>
    public required string Last4 { get; init; }

    public DateTimeOffset IssuedAt { get; init; }

    public Guid IssuedBy { get; init; }

    public required string IssuedByName { get; init; }

    /// <summary>Receipts that come from then on are not its account's; null: it is the newest.</summary>
    public DateTimeOffset? EndsAt { get; set; }

    /// <summary>When the newest receipt came over it that found its message.</summary>
    public DateTimeOffset? LastAt { get; init; }

    internal static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    internal static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    internal static string Last4Of(string token) => token[^Last..];

    private sealed class Configuration : IEntityTypeConfiguration<ReceiptToken>
    {
        public void Configure(EntityTypeBuilder<ReceiptToken> builder)
        {
            builder.ToTable("receipt_tokens");
            builder.HasKey(t => new { t.TenantId, t.AccountId, t.Version });
            builder.HasOne<Account>().WithMany().HasForeignKey(t => new { t.TenantId, t.AccountId });
            // Asked before a tenant is known.
            builder.HasIndex(t => t.Hash);
            builder.Property(t => t.Hash).HasMaxLength(SHA256.HashSizeInBytes * 2);
            builder.Property(t => t.Last4).HasMaxLength(Last);
            builder.Property(t => t.IssuedByName).HasMaxLength(100);
        }
    }
}
