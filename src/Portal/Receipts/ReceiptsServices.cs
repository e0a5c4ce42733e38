using Microsoft.Extensions.DependencyInjection;

namespace Portal.Receipts;

public static class ReceiptsServices
{
    /// <summary>Applying receipts; needs the database, the vault and the live feed.</summary>
    public static IServiceCollection AddReceipts(this IServiceCollection services)
    {
        services.AddOptions<ReceiptsOptions>().BindConfiguration(ReceiptsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<ReadReceipts>().AddSingleton<FindEvidence>().AddSingleton<ApplyToTenant>().AddSingleton<ParkReceipts>().AddSingleton<ApplyReceipts>();
    }

    /// <summary>The inbox, on instances that serve the webhook.</summary>
    public static IServiceCollection AddReceiptInbox(this IServiceCollection services) =>
        services.AddSingleton<ReceiptInbox>().AddHostedService(s => s.GetRequiredService<ReceiptInbox>());

    /// <summary>The applier, on instances that work.</summary>
    public static IServiceCollection AddReceiptApplier(this IServiceCollection services) => services.AddHostedService<ReceiptApplier>();
}
