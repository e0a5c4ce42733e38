using Microsoft.Extensions.DependencyInjection;

namespace Portal.Audit;

public static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services.AddSingleton<AuditList>();
}
