using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data;

namespace Portal.Tenants;

/// <summary>
/// A tenant that is tried out: it writes to its own numbers only, <see cref="DayMessages"/> messages a day. While the row is
/// there it holds; only an operator's role can make one or take it away.
/// </summary>
public sealed class Trial : ITenantOwned
{
    /// <summary>Messages a day. <c>app.limits_now</c> says the same.</summary>
    public const int DayMessages = 50;

    public Guid TenantId { get; init; }

    public DateTimeOffset Since { get; init; }

    private sealed class Configuration : IEntityTypeConfiguration<Trial>
    {
        public void Configure(EntityTypeBuilder<Trial> builder)
        {
            builder.ToTable("trials");
            builder.HasKey(t => t.TenantId);
        }
    }
}
