namespace Portal.Simulator.Accounts;

/// <summary>An account as it is shown: without its secret, with the balance that is left.</summary>
internal sealed record AccountView(
    string Apikey, AccountKind Kind, int Rate, int Concurrency, string Whitelist, long? Balance, bool PartialBalance,
    long[] BadNumbers, bool Channel, bool Active, bool HasSecret, Uri? PushUrl, DeliveryOptions Delivery);

internal static class AccountEndpoints
{
    public static IServiceCollection AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        var accounts = configuration.GetSection("Accounts").Get<AccountOptions[]>() ?? [];
        foreach (var account in accounts)
        {
            if (account.Mistake() is { } mistake)
                throw new InvalidOperationException($"An account of the configuration is not usable: {mistake}");
        }
        return services.AddSingleton(provider =>
        {
            var book = new AccountBook(provider.GetRequiredService<TimeProvider>());
            foreach (var account in accounts)
                book.Put(account);
            return book;
        });
    }

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/accounts", (AccountBook accounts) => accounts.All.Select(View));
        routes.MapPut("/accounts", (AccountOptions options, AccountBook accounts) =>
        {
            if (options.Mistake() is { } mistake)
                return Results.BadRequest(mistake);
            accounts.Put(options);
            return Results.NoContent();
        });
        // The server leaves an encoded slash in a path encoded, and real apikeys are Base64.
        routes.MapDelete("/accounts/{**apikey}", (string apikey, AccountBook accounts) =>
            accounts.Remove(apikey.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)) ? Results.NoContent() : Results.NotFound());
    }

    private static AccountView View(Account account)
    {
        var o = account.Options;
        return new(
            o.Apikey, o.Kind, o.Rate, o.Concurrency, o.Whitelist, account.Balance, o.PartialBalance,
            o.BadNumbers, o.Channel, o.Active, o.HasSecret, o.PushUrl, o.Delivery);
    }
}
