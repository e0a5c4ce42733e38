using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// What an account sent on one day of the tenant's zone: taken in the transaction that begins an attempt, given back in the
/// one that says that nothing left.
/// </summary>
public sealed class Usage : ITenantOwned
{
    public Guid TenantId { get; init; }

    public DateOnly Day { get; init; }

    public Guid AccountId { get; init; }

    /// <summary>The day's figures are the sums over all of them; in one, more may have been given back than was taken.</summary>
    public short Slot { get; init; }

    public long Messages { get; init; }

    /// <summary>Billed parts as we count them.</summary>
    public long Segments { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<Usage>
    {
        public void Configure(EntityTypeBuilder<Usage> builder)
        {
            builder.ToTable("usage");
            builder.HasKey(u => new { u.TenantId, u.Day, u.AccountId, u.Slot });
        }
    }
}
