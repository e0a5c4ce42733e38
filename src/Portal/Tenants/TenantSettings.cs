using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Tenants;

/// <summary>What a tenant chose for itself.</summary>
public sealed class TenantSettings : ITenantOwned
{
    public Guid TenantId { get; init; }

    /// <summary>IANA zone in which times are entered and shown.</summary>
    public required string TimeZone { get; set; }

    /// <summary>ISO 3166 region: reads numbers without a country code where a person asks for it.</summary>
    public required string Country { get; set; }

    /// <summary>Seconds between "send" and the first request, in which it can be undone.</summary>
    public int UndoSeconds { get; set; } = 30;

    /// <summary>So many batches in doubt within five minutes pause the account; 0 switches the pause off.</summary>
    public int DoubtPause { get; set; } = 3;

    private sealed class Configuration : IEntityTypeConfiguration<TenantSettings>
    {
        public void Configure(EntityTypeBuilder<TenantSettings> builder)
        {
            builder.ToTable("tenant_settings", t =>
            {
                t.HasCheckConstraint("ck_tenant_settings_undo", "undo_seconds between 0 and 3600");
                t.HasCheckConstraint("ck_tenant_settings_doubt", "doubt_pause >= 0");
            });
            builder.HasKey(s => s.TenantId);
        }
    }
}
