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

    /// <summary>Countries besides <see cref="Country"/> whose numbers may be written to: two letters each.</summary>
    public string[] ExtraCountries { get; set; } = [];

    /// <summary>A campaign to more people than this needs a second person's approval; null: none does.</summary>
    public int? ApprovalAbove { get; set; }

    /// <summary>So many campaigns may reach one number within <see cref="FrequencyDays"/>; null: any number of them.</summary>
    public int? FrequencyMost { get; set; }

    public int? FrequencyDays { get; set; }

    /// <summary>So many days after a sending ended its messages go, with their numbers and texts; null: never. Totals stay.</summary>
    public int? KeepMessagesDays { get; set; }

    /// <summary>The same for what the provider reported of each message.</summary>
    public int? KeepReceiptsDays { get; set; }

    /// <summary>A contact that nobody wrote to for so many days goes; null: never.</summary>
    public int? KeepContactsDays { get; set; }

    private sealed class Configuration : IEntityTypeConfiguration<TenantSettings>
    {
        public void Configure(EntityTypeBuilder<TenantSettings> builder)
        {
            builder.ToTable("tenant_settings", t =>
            {
                t.HasCheckConstraint("ck_tenant_settings_undo", "undo_seconds between 0 and 3600");
                t.HasCheckConstraint("ck_tenant_settings_doubt", "doubt_pause >= 0");
                t.HasCheckConstraint("ck_tenant_settings_approval", "approval_above >= 0");
                t.HasCheckConstraint("ck_tenant_settings_frequency", "(frequency_most is null) = (frequency_days is null) and frequency_most between 1 and 100 and frequency_days between 1 and 90");
                t.HasCheckConstraint("ck_tenant_settings_keep", "keep_messages_days between 7 and 3650 and keep_receipts_days between 7 and 3650 and keep_contacts_days between 30 and 3650 and keep_receipts_days <= keep_messages_days and keep_contacts_days <= keep_messages_days");
            });
            builder.HasKey(s => s.TenantId);
            builder.Property(s => s.ExtraCountries).HasDefaultValueSql("'{}'");
        }
    }
}
