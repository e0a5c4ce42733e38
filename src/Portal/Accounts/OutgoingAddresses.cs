using System.Net;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Sms.Provider;

namespace Portal.Accounts;

/// <summary>
/// The addresses that the provider sees us call from: what tenants enter into their IP whitelists. As configured; else the
/// local addresses that calls of any instance left from in the last 30 days. Safe to be used by many at once.
/// </summary>
public sealed class OutgoingAddresses(IOptions<ProviderOptions> options, Databases databases)
{
    private const int Most = 16;

    private const string Share = """
        insert into infra.outgoing_addresses as o (address) select unnest($1::inet[])
        on conflict (address) do update set last_seen = clock_timestamp() where o.last_seen < clock_timestamp() - interval '1 hour'
        """;

    private const string Read = """
        with gone as (delete from infra.outgoing_addresses where last_seen < clock_timestamp() - interval '30 days')
        select address from infra.outgoing_addresses where last_seen >= clock_timestamp() - interval '30 days' order by last_seen desc limit 16
        """;

    private readonly IPAddress[] _configured = [.. options.Value.OutgoingAddresses.Select(IPAddress.Parse)];
    private readonly Lock _gate = new();
    private IPAddress[] _observed = [];
    private IPAddress[] _unshared = [];

    /// <summary>The operator has named them. Otherwise they are observed, and a NAT may change them on the way.</summary>
    public bool AreConfigured => _configured.Length > 0;

    /// <summary>Empty as long as nothing is configured and no call was made.</summary>
    public IReadOnlyList<IPAddress> All => AreConfigured ? _configured : Observed;

    /// <summary>What calls left from, as this machine and the other instances see it; behind a router the provider sees another one.</summary>
    public IReadOnlyList<IPAddress> Observed => Volatile.Read(ref _observed);

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
            if (!_unshared.Contains(address))
                _unshared = [.. _unshared, address];
        }
    }

    /// <summary>Tells the other instances what this one saw, and learns what they saw.</summary>
    internal async Task ShareAsync(CancellationToken ct)
    {
        IPAddress[] mine;
        lock (_gate)
            (mine, _unshared) = (_unshared, []);
        try
        {
            await ShareAsync(mine, ct);
        }
        catch
        {
            lock (_gate)
                _unshared = [.. _unshared.Union(mine)];
            throw;
        }
    }

    private async Task ShareAsync(IPAddress[] mine, CancellationToken ct)
    {
        if (mine.Length > 0)
        {
            await using var share = databases[DatabaseRole.Dispatch].CreateCommand(Share);
            share.Parameters.Add(new() { Value = mine });
            await share.ExecuteNonQueryAsync(ct);
        }
        await using var command = databases[DatabaseRole.Dispatch].CreateCommand(Read);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var seen = new List<IPAddress>();
        while (await reader.ReadAsync(ct))
            seen.Add(Plain(reader.GetFieldValue<IPAddress>(0)));
        lock (_gate)
            _observed = [.. _observed.Union(seen).Take(Most)];
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
