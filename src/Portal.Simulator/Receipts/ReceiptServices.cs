namespace Portal.Simulator.Receipts;

internal static class ReceiptServices
{
    public static IServiceCollection AddReceipts(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(configuration.GetSection("Receipts").Get<ReceiptOptions>() ?? new())
        .AddSingleton<ReceiptFaults>()
        .AddSingleton<ReceiptSchedule>()
        .AddHostedService<ReceiptPusher>();
}
