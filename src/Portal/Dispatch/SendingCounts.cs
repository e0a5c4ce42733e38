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

    /// <summary>Messages in batches that the provider accepted.</summary>
    public int Accepted { get; set; }

    /// <summary>Messages in batches that the provider refused.</summary>
    public int Refused { get; set; }

    /// <summary>Messages in batches that are in doubt.</summary>
    public int InDoubt { get; set; }

    /// <summary>People who were left out while the sending was prepared: they have no message.</summary>
    public int Skipped { get; set; }

    /// <summary>Messages that were left out just before their request, because their number was suppressed meanwhile.</summary>
    public int Dropped { get; set; }

    /// <summary>Messages that a person called off before they were sent.</summary>
    public int Cancelled { get; set; }

    /// <summary>Messages whose first final receipt says delivered.</summary>
    public int Delivered { get; set; }

    /// <summary>Messages whose receipts say not delivered.</summary>
    public int Undelivered { get; set; }

    /// <summary>Messages of batches still in doubt that a receipt of their own has settled.</summary>
    public int DoubtSettled { get; set; }

    /// <summary>Billed parts as the provider counted them (<c>jfts</c>).</summary>
    public int Segments { get; set; }

    private sealed class Configuration : IEntityTypeConfiguration<SendingCounts>
    {
        public void Configure(EntityTypeBuilder<SendingCounts> builder)
        {
            builder.ToTable("sending_counts");
            builder.HasKey(c => new { c.TenantId, c.SendingId });
        }
    }
}
