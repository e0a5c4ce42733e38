using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Contacts;

/// <summary>A number of the tenant's own people: the only ones that a tenant in trial writes to.</summary>
public sealed class OwnNumber : ITenantOwned
{
    /// <summary>How many a tenant can have. The key's check says the same.</summary>
    public const int Most = 5;

    public Guid TenantId { get; init; }

    /// <summary>1 to <see cref="Most"/>: there is no room for more.</summary>
    public short Slot { get; init; }

    public required string Number { get; init; }

    public DateTimeOffset AddedAt { get; init; }

    public required string AddedByName { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<OwnNumber>
    {
        public void Configure(EntityTypeBuilder<OwnNumber> builder)
        {
            builder.ToTable("own_numbers", t =>
            {
                t.HasCheckConstraint("ck_own_numbers_slot", "slot between 1 and 5");
                t.HasCheckConstraint("ck_own_numbers_number", Numbers.Check);
            });
            builder.HasKey(n => new { n.TenantId, n.Slot });
            builder.HasIndex(n => new { n.TenantId, n.Number }).IsUnique();
            builder.Property(n => n.Number).IsNumber();
            builder.Property(n => n.AddedByName).HasMaxLength(100);
        }
    }
}
