using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Contacts;

public enum SuppressionReason { OptedOut, Complained, Invalid, Manual }

/// <summary>A number that must not be written to. Looked at when a sending is prepared and again before each request.</summary>
public sealed class Suppression : ITenantOwned
{
    public Guid TenantId { get; init; }

    public required string Number { get; init; }

    public SuppressionReason Reason { get; init; }

    /// <summary>Where it came from: a page, an import's file name.</summary>
    public required string Source { get; init; }

    public DateTimeOffset At { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<Suppression>
    {
        public void Configure(EntityTypeBuilder<Suppression> builder)
        {
            builder.ToTable("suppressions", t => t.HasCheckConstraint("ck_suppressions_number", Numbers.Check));
            builder.HasKey(s => new { s.TenantId, s.Number });
            builder.Property(s => s.Number).IsNumber();
            builder.Property(s => s.Reason).IsWord();
            builder.Property(s => s.Source).HasMaxLength(200);
        }
    }
}
