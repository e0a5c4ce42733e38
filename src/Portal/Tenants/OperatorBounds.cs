using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Tenants;

/// <summary>
/// What an operator lets a tenant reach, whatever it chooses itself. Only an operator's role can write it; without a row
/// there is no such bound.
/// </summary>
public sealed class OperatorBounds : ITenantOwned
{
    public const int MostHosts = 20;

    public Guid TenantId { get; init; }

    /// <summary>Hosts of providers that its accounts may call; null: any.</summary>
    public string[]? Hosts { get; set; }

    /// <summary>Countries whose numbers it may write to, two letters each; null: any.</summary>
    public string[]? Countries { get; set; }

    private sealed class Configuration : IEntityTypeConfiguration<OperatorBounds>
    {
        public void Configure(EntityTypeBuilder<OperatorBounds> builder)
        {
            builder.ToTable("operator_bounds", t => t.HasCheckConstraint("ck_operator_bounds_some", "cardinality(hosts) between 1 and 20 and cardinality(countries) > 0"));
            builder.HasKey(b => b.TenantId);
        }
    }
}
