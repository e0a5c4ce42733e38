using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Portal.Data;

/// <summary>A row of one tenant: lies in schema <c>app</c>, keyed by tenant first, behind row-level security.</summary>
public interface ITenantOwned
{
    Guid TenantId { get; }
}

/// <summary>
/// The tenants' tables. Made only by <see cref="PortalDbFactory"/>, for one tenant; each capability configures its
/// tables beside its types. The filter by tenant is comfort: row-level security is the wall.
/// </summary>
public sealed class PortalDb(DbContextOptions<PortalDb> options, TenantScope scope) : DbContext(options)
{
    public const string Schema = "app";

    public Guid TenantId => scope.TenantId;

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.ApplyConfigurationsFromAssembly(
            typeof(PortalDb).Assembly, t => t.GetInterfaces().Any(IsTenantConfiguration));
        foreach (var entity in modelBuilder.Model.GetEntityTypes().Where(e => !e.IsOwned()))
            FilterByTenant(modelBuilder, entity);
    }

    private static bool IsTenantConfiguration(Type i) =>
        i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEntityTypeConfiguration<>)
        && i.GenericTypeArguments[0].IsAssignableTo(typeof(ITenantOwned));

    private void FilterByTenant(ModelBuilder model, IMutableEntityType entity)
    {
        var method = typeof(PortalDb).GetMethod(nameof(Filter), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!;
        method.MakeGenericMethod(entity.ClrType).Invoke(this, [model]);
    }

    private void Filter<T>(ModelBuilder model) where T : class, ITenantOwned =>
        model.Entity<T>().HasQueryFilter("tenant", row => row.TenantId == TenantId);
}
