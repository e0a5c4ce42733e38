using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Contacts;
using Portal.Data;

namespace Portal.Dispatch;

public enum SkipReason { Suppressed, Country, Trial, Frequency, MissingField, QuietHours }

/// <summary>A number of the audience that a sending does not write to, and why.</summary>
public sealed class Skip : ITenantOwned
{
    public Guid TenantId { get; init; }

    public Guid SendingId { get; init; }

    public required string Number { get; init; }

    public SkipReason Reason { get; init; }

    public DateTimeOffset At { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<Skip>
    {
        public void Configure(EntityTypeBuilder<Skip> builder)
        {
            builder.ToTable("skips");
            builder.HasKey(s => new { s.TenantId, s.SendingId, s.Number });
            builder.Property(s => s.Number).IsNumber();
            builder.Property(s => s.Reason).IsWord();
        }
    }
}
