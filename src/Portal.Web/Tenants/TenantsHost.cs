namespace Portal.Web.Tenants;

internal static class TenantsHost
{
    /// <summary>Who the person is in the tenant of the address.</summary>
    public static IServiceCollection AddTenantPages(this IServiceCollection services) =>
        services.AddSingleton<TenantDoor>().AddScoped<CircuitTenant>().AddScoped<CurrentTenant>();

    public static void UseTenantGate(this IApplicationBuilder app) => app.UseMiddleware<TenantGateMiddleware>();
}
