using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Dispatch;

public enum LimitSetter { Tenant, Operator }

/// <summary>
/// How much may be sent in a day and in a month of the tenant's zone, by the tenant or by one account. What an operator set
/// and what the tenant set both hold: the lower counts. A member's role can write only rows of <see cref="LimitSetter.Tenant"/>.
/// </summary>
public sealed class Limit : ITenantOwned
{
    public Guid TenantId { get; init; }

    /// <summary><see cref="Guid.Empty"/> for the whole tenant.</summary>
    public Guid AccountId { get; init; }

    public LimitSetter SetBy { get; init; }

    public int? DayMessages { get; set; }

    public int? DaySegments { get; set; }

    public int? MonthMessages { get; set; }

    public int? MonthSegments { get; set; }

    private sealed class Configuration : IEntityTypeConfiguration<Limit>
    {
        public void Configure(EntityTypeBuilder<Limit> builder)
        {
            builder.ToTable("limits", t => t.HasCheckConstraint(
                "ck_limits_figures", "day_messages > 0 and day_segments > 0 and month_messages > 0 and month_segments > 0"));
            builder.HasKey(l => new { l.TenantId, l.AccountId, l.SetBy });
            builder.Property(l => l.SetBy).IsWord();
        }
    }
}
