using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// planned → claimed → dispatching → accepted, refused or in doubt (from where: docs/dispatch.md). <see cref="Split"/>: its range went over to
/// smaller batches. <see cref="Cancelled"/>: a person called the sending off before it was claimed.
/// </summary>
public enum BatchState { Planned, Claimed, Dispatching, Accepted, Refused, InDoubt, Split, Cancelled }

/// <summary>1 to 1000 numbers with one text, meant for one request: a range of ordinals of a sending's messages (<see cref="BatchMessages"/>).</summary>
public sealed class Batch : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid SendingId { get; init; }

    public int BatchNo { get; init; }

    public Guid AccountId { get; init; }

    public int FirstOrdinal { get; init; }

    public int LastOrdinal { get; init; }

    /// <summary>
    /// The numbers of its messages in the order of their ordinals: an index of all messages by ordinal would cost as much as
    /// their key. In digits only, so that a thousand take 8 KB. Empty when the tenant's time for keeping messages is over.
    /// </summary>
    public long[] Numbers { get; init; } = [];

    public int TextNo { get; init; }

    public BatchState State { get; set; }

    /// <summary>Fence of the lease under which it was claimed.</summary>
    public long Fence { get; set; }

    /// <summary>Attempts so far, so the newest attempt's number.</summary>
    public int Attempts { get; set; }

    /// <summary>
    /// Messages of it that a receipt of their own has told of while it was not accepted: they count as accepted, and a new
    /// attempt leaves them out.
    /// </summary>
    public int Settled { get; set; }

    /// <summary>Not to be claimed before: grows after a failed connection, and reaches to the end of quiet hours.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>
    /// The provider's code of a refusal, the word of a doubt, or how a doubt ended: <c>counted</c> by a person, all <c>receipts</c> came.
    /// While it waits for the end of quiet hours: <c>quiet:</c> and whose (<c>app.quiet_people</c>).
    /// </summary>
    public string? Why { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>
    /// Set on a batch that looks for a bad number: the numbers from its first ordinal to this one were refused together.
    /// Its own range is their left part.
    /// </summary>
    public int? SuspectTo { get; set; }

    /// <summary>The batch with everything right of this one's range, put off until this one's answer is known.</summary>
    public int? RestBatchNo { get; set; }

    /// <summary>The code with which they were refused together.</summary>
    public string? SearchCode { get; set; }

    private sealed class Configuration : IEntityTypeConfiguration<Batch>
    {
        public void Configure(EntityTypeBuilder<Batch> builder)
        {
            builder.ToTable("batches", t =>
            {
                t.HasCheckConstraint("ck_batches_range", "last_ordinal between first_ordinal and first_ordinal + 999");
                t.HasCheckConstraint("ck_batches_numbers", "cardinality(numbers) in (0, last_ordinal - first_ordinal + 1)");
                t.HasCheckConstraint("ck_batches_suspect", "(suspect_to is null) = (rest_batch_no is null) and (suspect_to is null) = (search_code is null) and suspect_to > last_ordinal");
            });
            builder.HasKey(b => new { b.TenantId, b.SendingId, b.BatchNo });
            // By ordinal: a sending that is paced, or waits for its first receipts, may go up to one.
            builder.HasIndex(b => new { b.TenantId, b.AccountId, b.SendingId, b.FirstOrdinal })
                .HasFilter("state in ('planned', 'claimed', 'dispatching')").HasDatabaseName("ix_batches_open");
            // By time: what waits for its own, however much it is, costs nothing until then; nor does it hide what a dead loop left behind.
            builder.HasIndex(b => new { b.TenantId, b.AccountId, b.State, b.SendingId, b.NotBefore })
                .HasFilter("state in ('planned', 'claimed', 'dispatching')").HasDatabaseName("ix_batches_due");
            builder.HasIndex(b => new { b.TenantId, b.AccountId, b.ChangedAt })
                .HasFilter("state = 'in_doubt'").HasDatabaseName("ix_batches_in_doubt");
            // Whoever looks for an ordinal says so; whoever names a batch by its key never comes this way, however young the statistics are.
            builder.HasIndex(b => new { b.TenantId, b.SendingId, b.LastOrdinal }).HasFilter("last_ordinal >= 0").HasDatabaseName("ix_batches_ordinals");
            builder.Property(b => b.Settled).HasDefaultValue(0);
            builder.Property(b => b.State).IsWord();
            builder.Property(b => b.Why).HasMaxLength(40);
            builder.Property(b => b.SearchCode).HasMaxLength(20);
        }
    }
}
