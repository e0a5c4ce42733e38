using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>What an account's page says of its traffic, and of the addresses that calls leave from.</summary>
public sealed class AccountTrafficTests(PortalFixture portal) : DispatchTest(portal)
{
    [Fact]
    public async Task Rate_and_errors_are_those_of_what_was_sent()
    {
        Assert.Equal((0, 0, 0), Of(await Get<AccountTraffic>().RunAsync(Owner, Account, Ct)));
        var sending = await PreparedAsync("Hello", await ListAsync(30));
        await PostAsync("faults", new { kind = "code", code = "108", times = 1 });
        await StartAsync();
        await UntilQuietAsync(sending);

        var traffic = await Get<AccountTraffic>().RunAsync(Owner, Account, Ct);

        Assert.Equal((3, true), (traffic.LastMinute, traffic.BusiestSecond is >= 1 and <= 3));
        var error = Assert.Single(traffic.Errors);
        Assert.Equal(("108", 1L), (error.Code, error.Requests));
        var stranger = await Portal.NewTenantAsync();
        Assert.Equal((0, 0, 0), Of(await Get<AccountTraffic>().RunAsync(stranger, Account, Ct)));
    }

    [Fact]
    public async Task An_address_that_one_instance_saw_is_known_to_another_one()
    {
        Assert.Equal([IPAddress.Loopback], Get<OutgoingAddresses>().All);
        await Get<OutgoingAddresses>().ShareAsync(Ct);
        await using var other = Portal.Build(_ => { });
        var addresses = other.GetRequiredService<OutgoingAddresses>();
        Assert.Empty(addresses.All);

        await addresses.ShareAsync(Ct);

        Assert.Equal([IPAddress.Loopback], addresses.All);
        await Portal.Database.AdminAsync("update infra.outgoing_addresses set last_seen = now() - interval '31 days'");
        await using var later = Portal.Build(_ => { });
        await later.GetRequiredService<OutgoingAddresses>().ShareAsync(Ct);
        Assert.Empty(later.GetRequiredService<OutgoingAddresses>().All);
    }

    private static (int Busiest, int Minute, int Errors) Of(Traffic traffic) => (traffic.BusiestSecond, traffic.LastMinute, traffic.Errors.Count);
}
