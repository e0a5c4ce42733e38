using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Receipts;

/// <summary>
/// That receipts of an account come: the newest one that found its message. One row an account, written with the receipts.
/// </summary>
public sealed class ReceiptPulse : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid AccountId { get; init; }

    /// <summary>When the newest came.</summary>
    public DateTimeOffset LastAt { get; init; }

    /// <summary>When the last ones were applied.</summary>
    public DateTimeOffset AppliedAt { get; init; }

    /// <summary>Milliseconds between coming and being applied, of the newest one that was not parked.</summary>
    public int LagMs { get; init; }

    /// <summary>All that found their message, repeats as well.</summary>
    public long Receipts { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<ReceiptPulse>
    {
        public void Configure(EntityTypeBuilder<ReceiptPulse> builder)
        {
            builder.ToTable("receipt_pulses");
            builder.HasKey(p => new { p.TenantId, p.AccountId });
        }
    }
}
