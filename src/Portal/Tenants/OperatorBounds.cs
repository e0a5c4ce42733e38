using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Tenants;

/// <summary>
/// What an operator lets a tenant do, whatever it chooses itself. Only an operator's role can write it; without a row
/// there is no such bound. Hosts have a table of their own (<see cref="ProviderHost"/>): of those, none is allowed unless it stands there.
/// </summary>
public sealed class OperatorBounds : ITenantOwned
{
    public Guid TenantId { get; init; }

    /// <summary>Countries whose numbers it may write to, two letters each; null: any.</summary>
    public string[]? Countries { get; set; }

    private sealed class Configuration : IEntityTypeConfiguration<OperatorBounds>
    {
        public void Configure(EntityTypeBuilder<OperatorBounds> builder)
        {
            builder.ToTable("operator_bounds", t => t.HasCheckConstraint("ck_operator_bounds_some", "cardinality(countries) > 0"));
            builder.HasKey(b => b.TenantId);
        }
    }
}
