using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Contacts;
using Portal.Data;

namespace Portal.Receipts;

/// <summary>What a receipt's word means. <see cref="Failed"/> is provisional (an unlisted word): a later <see cref="Delivered"/> replaces it.</summary>
public enum ReceiptMeaning { NotFinal, Delivered, Undelivered, Failed }

/// <summary>What the provider reported of one message. Written once: whoever writes must know how many of its message there are (<see cref="Nth"/>).</summary>
public sealed class Receipt : ITenantOwned
{
    public Guid TenantId { get; init; }

    public DateOnly Month { get; init; }

    public Guid SendingId { get; init; }

    public required string Number { get; init; }

    /// <summary>Its place among the receipts of its message, from 0, as they were written. Two who took the same ones for new cannot both write.</summary>
    public int Nth { get; init; }

    public required string TaskId { get; init; }

    /// <summary>The provider's raw word.</summary>
    public required string Status { get; init; }

    /// <summary>The operator's time as written: the same word at another time is another receipt.</summary>
    public required string Times { get; init; }

    /// <summary>Order of arrival: the inbox's sequence.</summary>
    public long Seq { get; init; }

    public ReceiptMeaning Meaning { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The number came with stars and was matched because only one number of the batch fits.</summary>
    public bool Masked { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<Receipt>
    {
        public void Configure(EntityTypeBuilder<Receipt> builder)
        {
            builder.ToTable("receipts");
            builder.HasKey(r => new { r.TenantId, r.Month, r.SendingId, r.Number, r.Nth });
            builder.Property(r => r.Number).IsNumber();
            builder.Property(r => r.TaskId).HasMaxLength(64);
            builder.Property(r => r.Status).HasMaxLength(64);
            builder.Property(r => r.Times).HasMaxLength(32);
            builder.Property(r => r.Meaning).IsWord();
        }
    }
}
