using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Contacts;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// planned → claimed → dispatching → accepted, refused or in doubt. <see cref="Split"/>: its range went over to
/// smaller batches. <see cref="Cancelled"/>: a person called the sending off before it was claimed.
/// </summary>
public enum BatchState { Planned, Claimed, Dispatching, Accepted, Refused, InDoubt, Split, Cancelled }

/// <summary>1 to 1000 numbers with one text, meant for one request: a range of ordinals of a sending's messages.</summary>
public sealed class Batch : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid SendingId { get; init; }

    public int BatchNo { get; init; }

    public Guid AccountId { get; init; }

    public int FirstOrdinal { get; init; }

    public int LastOrdinal { get; init; }

    /// <summary>Zero for the text that everybody of the sending gets.</summary>
    public int TextNo { get; init; }

    /// <summary>
    /// With <see cref="LastNumber"/>, bounds of its numbers where everybody gets the same text: its messages are found by
    /// them and the ordinals. Bounds may be wide; the ordinals say what is its own.
    /// </summary>
    public string FirstNumber { get; init; } = "";

    public string LastNumber { get; init; } = AboveAllNumbers;

    public BatchState State { get; set; }

    /// <summary>Fence of the lease under which it was claimed.</summary>
    public long Fence { get; set; }

    /// <summary>Attempts so far, so the newest attempt's number.</summary>
    public int Attempts { get; set; }

    /// <summary>Not to be claimed before: grows after a failed connection.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>The provider's code of a refusal, or the word of a doubt.</summary>
    public string? Why { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    // The sign after '9'.
    private const string AboveAllNumbers = ":";

    private sealed class Configuration : IEntityTypeConfiguration<Batch>
    {
        public void Configure(EntityTypeBuilder<Batch> builder)
        {
            builder.ToTable("batches", t => t.HasCheckConstraint("ck_batches_range", "last_ordinal between first_ordinal and first_ordinal + 999"));
            builder.HasKey(b => new { b.TenantId, b.SendingId, b.BatchNo });
            builder.HasIndex(b => new { b.TenantId, b.AccountId, b.SendingId, b.BatchNo })
                .HasFilter("state in ('planned', 'claimed', 'dispatching')").HasDatabaseName("ix_batches_open");
            builder.HasIndex(b => new { b.TenantId, b.AccountId, b.ChangedAt })
                .HasFilter("state = 'in_doubt'").HasDatabaseName("ix_batches_in_doubt");
            builder.HasIndex(b => new { b.TenantId, b.SendingId, b.LastOrdinal }).HasDatabaseName("ix_batches_ordinals");
            builder.Property(b => b.FirstNumber).IsNumber().HasDefaultValue("");
            builder.Property(b => b.LastNumber).IsNumber().HasDefaultValue(AboveAllNumbers);
            builder.Property(b => b.State).IsWord();
            builder.Property(b => b.Why).HasMaxLength(40);
        }
    }
}
