using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Tenants;

/// <summary>
/// When campaigns do not write to a country, on every clock of it. A country with a row of its own does not heed the one for all;
/// a row without times means that it is never quiet there.
/// </summary>
public sealed class QuietHours : ITenantOwned
{
    public Guid TenantId { get; init; }

    /// <summary>Two letters; empty for every country without a row of its own.</summary>
    public required string Country { get; init; }

    /// <summary>Minute of the day at which they begin.</summary>
    public short? FromMinute { get; init; }

    /// <summary>Minute of the day at which they end; below <see cref="FromMinute"/>: on the next day.</summary>
    public short? ToMinute { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<QuietHours>
    {
        public void Configure(EntityTypeBuilder<QuietHours> builder)
        {
            builder.ToTable("quiet_hours", t => t.HasCheckConstraint(
                "ck_quiet_hours_range", "(from_minute is null) = (to_minute is null) and from_minute between 0 and 1439 and to_minute between 0 and 1439 and from_minute <> to_minute"));
            builder.HasKey(q => new { q.TenantId, q.Country });
            builder.Property(q => q.Country).HasMaxLength(2);
        }
    }
}
