using Hangfire;
using Hangfire.PostgreSql;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Web.Hosting;
using Portal.Web.SignIn;

namespace Portal.Web.Jobs;

/// <summary>
/// Hangfire wakes what is scheduled; it does not carry the work (design section 3.2). When its schema is missing the portal
/// goes on: the sweep starts what is due.
/// </summary>
internal static class JobsServices
{
    public static IServiceCollection AddJobs(this IServiceCollection services, PortalOptions portal)
    {
        services.AddHangfire((provider, hangfire) => Configure(hangfire, provider.GetRequiredService<IOptions<DatabaseOptions>>().Value));
        if (portal.Has(PortalRole.Worker))
            services.AddHangfireServer(Configure);
        return services;
    }

    public static void MapJobs(this IEndpointRouteBuilder routes) => routes.MapHangfireDashboardWithAuthorizationPolicy(
        OperatorPolicy.Name,
        "/operator/jobs",
        new DashboardOptions
        {
            AppPath = "/operator/tenants",
            DashboardTitle = "Portal",
            DisplayStorageConnectionString = false,
            IsReadOnlyFunc = _ => true,
        });

    private static void Configure(IGlobalConfiguration hangfire, DatabaseOptions database)
    {
        hangfire.UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings();
        hangfire.UsePostgreSqlStorage(o => o.UseNpgsqlConnection(database.For(DatabaseRole.Hangfire)), new PostgreSqlStorageOptions
        {
            SchemaName = "hangfire",
            // The portal's roles create nothing: the migration does.
            PrepareSchemaIfNecessary = false,
            // A start without storage is allowed, and answered by the sweep; refusing it would take the pages down with Hangfire.
            AllowDegradedModeWithoutStorage = true,
            QueuePollInterval = TimeSpan.FromSeconds(1),
            EnableLongPolling = true,
            // A killed worker's job is taken over after a minute, a long one is not started twice.
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = TimeSpan.FromMinutes(1),
        });
        NeverRetry(hangfire);
    }

    // A job that failed is not run again by itself: what is due is found by the sweep, what was sent must not be sent twice.
    private static void NeverRetry(IGlobalConfiguration hangfire)
    {
        foreach (var filter in GlobalJobFilters.Filters.Where(f => f.Instance is AutomaticRetryAttribute).ToList())
            GlobalJobFilters.Filters.Remove(filter.Instance);
        hangfire.UseFilter(new AutomaticRetryAttribute { Attempts = 0 });
    }

    private static void Configure(BackgroundJobServerOptions server)
    {
        server.SchedulePollingInterval = TimeSpan.FromSeconds(1);
        server.WorkerCount = 10;
    }
}
