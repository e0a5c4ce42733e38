using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Tenants;

/// <summary>
/// When campaigns do not write to a country, on the recipients' clocks. A country with a row of its own does not heed the one
/// for all; a row without days means that nothing is quiet there.
/// </summary>
public sealed class QuietHours : ITenantOwned
{
    public Guid TenantId { get; init; }

    /// <summary>Two letters; empty for every country without a row of its own.</summary>
    public required string Country { get; init; }

    /// <summary>Minute of the day at which it begins.</summary>
    public short FromMinute { get; init; }

    /// <summary>Minute of the day at which it ends; not after <see cref="FromMinute"/>: on the next day.</summary>
    public short ToMinute { get; init; }

    /// <summary>Days on which it begins: bit 0 is Monday, bit 6 Sunday.</summary>
    public short Days { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<QuietHours>
    {
        public void Configure(EntityTypeBuilder<QuietHours> builder)
        {
            builder.ToTable("quiet_hours", t => t.HasCheckConstraint(
                "ck_quiet_hours_range", "from_minute between 0 and 1439 and to_minute between 0 and 1439 and days between 0 and 127"));
            builder.HasKey(q => new { q.TenantId, q.Country });
            builder.Property(q => q.Country).HasMaxLength(2);
        }
    }
}
