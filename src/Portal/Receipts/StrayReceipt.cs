using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Contacts;
using Portal.Data;

namespace Portal.Receipts;

/// <summary>
/// What a parked receipt names: a taskid that no request of its account is known to have, and a number. Two of them together
/// can tell which request in doubt was sent. Gone with the parked receipt.
/// </summary>
public sealed class StrayReceipt : ITenantOwned
{
    public Guid TenantId { get; init; }

    /// <summary>The parked receipt's id.</summary>
    public long Id { get; init; }

    public Guid AccountId { get; init; }

    public required string TaskId { get; init; }

    public required string Number { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<StrayReceipt>
    {
        public void Configure(EntityTypeBuilder<StrayReceipt> builder)
        {
            builder.ToTable("stray_receipts");
            builder.HasKey(s => new { s.TenantId, s.Id });
            builder.HasIndex(s => new { s.TenantId, s.AccountId, s.TaskId });
            builder.HasIndex(s => new { s.TenantId, s.ReceivedAt });
            builder.Property(s => s.Id).ValueGeneratedNever();
            builder.Property(s => s.TaskId).HasMaxLength(64);
            builder.Property(s => s.Number).IsNumber();
        }
    }
}
