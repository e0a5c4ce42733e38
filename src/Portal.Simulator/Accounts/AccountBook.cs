using System.Collections.Concurrent;

namespace Portal.Simulator.Accounts;

internal sealed class AccountBook(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    public IEnumerable<Account> All => _accounts.Values;

    public Account? Find(string apikey) => _accounts.GetValueOrDefault(apikey);

    public void Put(AccountOptions options) => _accounts.AddOrUpdate(
        options.Apikey,
        _ => new Account(options, clock.TimestampFrequency),
        (_, account) =>
        {
            account.Replace(options);
            return account;
        });

    public bool Remove(string apikey) => _accounts.TryRemove(apikey, out _);
}
