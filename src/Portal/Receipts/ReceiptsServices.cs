using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.Receipts;

public static class ReceiptsServices
{
    /// <summary>Applying receipts; needs the database, the vault and the live feed.</summary>
    public static IServiceCollection AddReceipts(this IServiceCollection services)
    {
        services.AddOptions<ReceiptsOptions>().BindConfiguration(ReceiptsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<AccountReceipts>().AddSingleton<OwnAddresses>().AddSingleton<IssueOwnAddress>().AddSingleton<WithdrawOwnAddress>().AddSingleton<TakeOnlyOwnAddress>()
            .AddSingleton<ReceiptsWatch>().AddSingleton<ReceiptBacklog>().AddSingleton<ReplayList>().AddSingleton<ReplayParked>().AddSingleton<CancelReplay>()
            .AddSingleton<ReadReceipts>().AddSingleton<FindEvidence>().AddSingleton<BatchNumbers>().AddSingleton<MatchRows>().AddSingleton<FirstReceipts>().AddSingleton<ApplyToOpen>().AddSingleton<ApplyToTenant>()
            .AddSingleton<ParkedRoom>().AddSingleton<ParkReceipts>().AddSingleton<ApplyGroup>().AddSingleton<ReceiptTally>().AddSingleton<ReplayReceipts>().AddSingleton<ApplyReceipts>();
    }

    /// <summary>The inbox, on instances that serve the webhook.</summary>
    public static IServiceCollection AddReceiptInbox(this IServiceCollection services) => services
        .AddSingleton<InboxWriter>().AddSingleton<ReceiptSpool>()
        .AddSingleton(s => new ReceiptInbox(s.GetRequiredService<InboxWriter>(), s.GetRequiredService<ReceiptSpool>(),
            s.GetRequiredService<IOptions<ReceiptsOptions>>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<ReceiptInbox>>()))
        .AddHostedService(s => s.GetRequiredService<ReceiptInbox>());

    /// <summary>The applier, on instances that work.</summary>
    public static IServiceCollection AddReceiptApplier(this IServiceCollection services) => services.AddHostedService<ReceiptApplier>();
}
