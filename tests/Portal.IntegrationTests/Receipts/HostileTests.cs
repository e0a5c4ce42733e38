using System.Globalization;
using Portal.Benchmarks.Rig;
using Portal.IntegrationTests.Dispatch;
using Portal.Receipts;

namespace Portal.IntegrationTests.Receipts;

/// <summary>What <c>./portal bench receipts --only fuzz</c> and <c>--only forgeries</c> do at size, in small.</summary>
public sealed class HostileTests(PortalFixture portal) : DoubtTest(portal)
{
    private const int Bodies = 3000;

    [Fact]
    public async Task Fuzzed_bodies_are_all_stored_and_looked_at_and_stop_nothing()
    {
        await Portal.Database.AdminAsync("truncate infra.parked_receipts, infra.receipt_inbox");
        var sending = await PreparedAsync("Hello", await ListAsync(10));
        await StartAsync();
        await UntilQuietAsync(sending);
        var task = await OneAsync<string>("select task_id from app.attempts where sending_id = $1", sending);
        var inbox = Get<ReceiptInbox>();
        var stored = await Task.WhenAll(Enumerable.Range(0, Bodies).Select(n =>
            inbox.StoreAsync(FuzzedBody.Of(ApiKey, task, "8619800000000", n) is { Length: <= 4096 } body ? body : null, null, null)));
        Assert.All(stored, Assert.True);
        await UntilInboxEmptyAsync();
        // A good one behind them finds its way.
        await PushAsync(task, "8619800000009");
        await UntilAsync(async () => await OneAsync<long>("select count(*) from app.receipts where sending_id = $1 and number = '8619800000009'", sending) == 1, "the good one is applied");
        Assert.True(await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts where reason = 'unreadable'") > Bodies / 3);
        Assert.True(await OneAsync<long>("select count(*) from app.receipts where sending_id = $1", sending) > Bodies / 20);
        Assert.Equal(10, (await CountsAsync(sending)).Accepted);
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task Forged_receipts_of_one_number_each_move_nothing_and_those_of_two_move_these_two()
    {
        const int people = 100;
        var sending = await InDoubtAsync(people, requests: 10);
        var requests = (await LedgerAsync()).GetProperty("requests").GetInt64();
        var before = Recount.Of(await CountsAsync(sending));
        for (var n = 0; n < people * 2; n++)
            await PushAsync((700_000 + n).ToString(CultureInfo.InvariantCulture), (8619800000000 + n).ToString(CultureInfo.InvariantCulture));
        await UntilParkedAsync(people * 2);
        await TryParkedAsync();
        Assert.Equal(before, Recount.Of(await CountsAsync(sending)));
        Assert.Equal(0L, await OneAsync<long>("select count(*) from app.batches where sending_id = $1 and (settled > 0 or state <> 'in_doubt')", sending));
        Assert.Equal(0L, await OneAsync<long>("select count(*) from app.task_evidence where sending_id = $1", sending));

        await PushAsync("699999", "8619800000010");
        await PushAsync("699999", "8619800000011");
        await UntilToldAsync(sending, 2);
        Assert.Equal((2, people - 2, 2), ((await CountsAsync(sending)).Accepted, (await CountsAsync(sending)).InDoubt, (await CountsAsync(sending)).Delivered));
        Assert.Equal("in_doubt unreadable 2", await BatchAsync(sending, 1));
        Assert.Equal(1L, await OneAsync<long>("select count(*) from app.batches where sending_id = $1 and settled > 0", sending));
        Assert.Equal(requests, (await LedgerAsync()).GetProperty("requests").GetInt64());
        await AssertCountsAsync(sending);
    }
}
