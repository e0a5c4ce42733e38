using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Contacts;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// One number in one sending. Written once, never updated: its state follows from its batch and its receipts. The key
/// is the guard against a second message to the same number; the table is partitioned by month and has no foreign key
/// (one costs 2.4 times the insert). How a batch's messages are found: <see cref="BatchMessages"/>.
/// </summary>
public sealed class Message : ITenantOwned
{
    public Guid TenantId { get; init; }

    public DateOnly Month { get; init; }

    public Guid SendingId { get; init; }

    public required string Number { get; init; }

    public int Ordinal { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<Message>
    {
        // What the regular expression of the other tables says. That one costs half as much as the row and its key together.
        private const string Check = "number::bigint::text = number and number::bigint between 1000000 and 999999999999999";

        public void Configure(EntityTypeBuilder<Message> builder)
        {
            builder.ToTable("messages", t => t.HasCheckConstraint("ck_messages_number", Check));
            builder.HasKey(m => new { m.TenantId, m.Month, m.SendingId, m.Number });
            builder.Property(m => m.Number).IsNumber();
        }
    }
}
