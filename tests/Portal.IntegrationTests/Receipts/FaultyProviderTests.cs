using Portal.IntegrationTests.Dispatch;
using Portal.Receipts;

namespace Portal.IntegrationTests.Receipts;

/// <summary>The simulator pushes receipts as a provider should not, and the counters are what they should be.</summary>
public sealed class FaultyProviderTests(PortalFixture portal) : DispatchTest(portal)
{
    private const int People = 40;

    // One receipt at a time: which of two that contradict each other comes first is the simulator's choice, not the network's.
    protected override string[] ProviderSettings => ["--Receipts:Parallelism=1"];

    // The numbers' ends say what becomes of them: 31 are delivered, four are not for good, five have an operator's word, which a
    // later DELIVRD replaces.
    [Theory]
    [InlineData("twice", 31, 40, 40, 0)]
    [InlineData("fourTimes", 31, 40, 40, 0)]
    [InlineData("outOfOrder", 31, 40, 80, 0)]
    [InlineData("beforeReply", 31, 40, 40, 0)]
    [InlineData("delayed", 31, 40, 40, 0)]
    [InlineData("conflicting", 36, 40, 80, 0)]
    [InlineData("masked", 0, 0, 0, 40)]
    [InlineData("missing", 0, 0, 0, 0)]
    [InlineData("otherAccount", 0, 0, 0, 40)]
    public async Task Every_message_ends_as_its_receipts_say_once(string kind, int delivered, int ended, int receipts, int parked)
    {
        await Portal.Database.AdminAsync("truncate infra.parked_receipts, infra.receipt_inbox");
        await using var webhook = await Webhook.StartAsync(Get<ReceiptInbox>());
        await PutAsync("accounts", new
        {
            apikey = ApiKey,
            secret = "0123456789abcdef0123456789abcdef",
            kind = "both",
            rate = 1000,
            concurrency = 200,
            pushUrl = webhook.Urls.First() + "/receipts",
            delivery = new { delayMs = 0, spreadMs = 0, delivered = 1 },
        });
        await PostAsync("settings", new { timeScale = 0.00005 });
        await PostAsync("faults/receipts", new { kind, holdMs = 400, @as = "nobody" });
        await StartAsync();
        var sending = await PreparedAsync("Hello", await ListAsync(People));
        await UntilQuietAsync(sending);
        await UntilAsync(async () => await AtProviderAsync("waiting") == 0 && await AtProviderAsync("ok") == await AtProviderAsync("pushed"), "all receipts are pushed");
        await UntilInboxEmptyAsync();

        await UntilAsync(async () => await TellAsync(sending) == (ended, receipts, parked), $"{kind}: counted as it should be");
        Assert.Equal(delivered, (await CountsAsync(sending)).Delivered);
        Assert.Equal((People, 0), ((await CountsAsync(sending)).Accepted, (await CountsAsync(sending)).InDoubt));
        Assert.Equal(0L, await AtProviderAsync("lost"));
        await AssertCountsAsync(sending);
    }

    private async Task<(int Ended, int Receipts, int Parked)> TellAsync(Guid sending)
    {
        var counts = await CountsAsync(sending);
        return (counts.Delivered + counts.Undelivered, (int)await OneAsync<long>("select count(*) from app.receipts where sending_id = $1", sending),
            (int)await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts"));
    }

    private async Task<long> AtProviderAsync(string figure) => (await LedgerAsync()).GetProperty("receipts").GetProperty(figure).GetInt64();
}
