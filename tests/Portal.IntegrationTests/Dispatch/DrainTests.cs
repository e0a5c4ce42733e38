using Portal.Dispatch;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>An instance that is asked to stop in the middle of a sending.</summary>
public sealed class DrainTests(PortalFixture portal) : DispatchTest(portal)
{
    [Fact]
    public async Task Stopping_ends_open_requests_gives_claims_back_and_lets_the_lease_go()
    {
        await PostAsync("settings", new { latencyMs = 700 });
        var sending = await PreparedAsync("Hello", await ListAsync(3000));
        await StartAsync();
        await UntilAsync(async () => await BatchesAsync(sending, "dispatching") >= 20, "many requests are open");

        await StopAsync();

        Assert.Equal(0L, await BatchesAsync(sending, "dispatching"));
        Assert.Equal(0L, await BatchesAsync(sending, "claimed"));
        Assert.Equal(0L, await BatchesAsync(sending, "in_doubt"));
        Assert.True(await BatchesAsync(sending, "planned") > 0, "It was stopped before the end.");
        Assert.Equal((await LedgerNumbersAsync()).Count, (await CountsAsync(sending)).Accepted);
        // At once, not when it would have been over.
        Assert.NotNull(await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 30, Ct));
    }
}
