using System.Net;
using Microsoft.Extensions.Options;
using Portal.Sms.Provider;

namespace Portal.Accounts;

/// <summary>
/// The addresses that the provider sees us call from: what tenants enter into their IP whitelists. As configured; else the
/// local addresses of the latest calls of this instance. Safe to be used by many at once.
/// </summary>
public sealed class OutgoingAddresses(IOptions<ProviderOptions> options)
{
    private const int Most = 8;

    private readonly IPAddress[] _configured = [.. options.Value.OutgoingAddresses.Select(IPAddress.Parse)];
    private readonly Lock _gate = new();
    private IPAddress[] _observed = [];

    /// <summary>The operator has named them. Otherwise they are observed, and a NAT may change them on the way.</summary>
    public bool AreConfigured => _configured.Length > 0;

    /// <summary>Empty as long as nothing is configured and no call was made.</summary>
    public IReadOnlyList<IPAddress> All => AreConfigured ? _configured : Volatile.Read(ref _observed);

    /// <summary>The line to paste into the provider's console.</summary>
    public string Line => Whitelist.Line(All);

    /// <summary>Remembers where a call left from. Every caller of the provider says so.</summary>
    public void Observe(ProviderAnswer answer)
    {
        if (answer.LocalAddress is not { } seen)
            return;
        var address = Plain(seen);
        lock (_gate)
        {
            if (_observed.FirstOrDefault()?.Equals(address) != true)
                _observed = [address, .. _observed.Where(a => !a.Equals(address)).Take(Most - 1)];
        }
    }

    /// <summary>The address that a 204 is about; null when it could be any of several.</summary>
    public IPAddress? MissingAfter(ProviderAnswer answer)
    {
        var local = answer.LocalAddress is { } seen ? Plain(seen) : null;
        if (!AreConfigured || _configured.Contains(local))
            return local;
        return _configured.Length == 1 ? _configured[0] : null;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
