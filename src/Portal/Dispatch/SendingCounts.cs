using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// What a sending's messages came to, in numbers of people. Each column moves in the transaction of what it counts;
/// outcomes and receipts each write their own columns.
/// </summary>
public sealed class SendingCounts : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid SendingId { get; init; }

    /// <summary>Messages in batches that count as accepted, and those of other batches that a receipt of their own has told of.</summary>
    public int Accepted { get; set; }

    /// <summary>Messages in batches that the provider refused, without a receipt of their own.</summary>
    public int Refused { get; set; }

    /// <summary>Messages in batches that are in doubt, without a receipt of their own.</summary>
    public int InDoubt { get; set; }

    /// <summary>People who were left out while the sending was prepared: they have no message.</summary>
    public int Skipped { get; set; }

    /// <summary>Messages that were left out just before their request: their number was suppressed meanwhile, or it stays quiet there past the last allowed time.</summary>
    public int Dropped { get; set; }

    /// <summary>Messages that a person called off before they were sent.</summary>
    public int Cancelled { get; set; }

    /// <summary>Messages whose first final receipt says delivered.</summary>
    public int Delivered { get; set; }

    /// <summary>Messages whose receipts say not delivered.</summary>
    public int Undelivered { get; set; }

    /// <summary>Numbers that accepted requests carried and the provider did not take (<c>validnumber</c>); nobody knows which.</summary>
    public int NotTaken { get; set; }

    /// <summary>Billed parts as the provider counted them (<c>jfts</c>).</summary>
    public int Segments { get; set; }

    /// <summary>Billed parts of the same requests as we count them.</summary>
    public int OwnSegments { get; set; }

    private sealed class Configuration : IEntityTypeConfiguration<SendingCounts>
    {
        public void Configure(EntityTypeBuilder<SendingCounts> builder)
        {
            builder.ToTable("sending_counts");
            builder.HasKey(c => new { c.TenantId, c.SendingId });
            builder.Property(c => c.NotTaken).HasDefaultValue(0);
            builder.Property(c => c.OwnSegments).HasDefaultValue(0);
        }
    }
}
