using Portal.Dispatch;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>104 and 111: the bad number is found, its neighbours are sent, once each, with few further requests.</summary>
public sealed class BadNumberTests(PortalFixture portal) : DispatchTest(portal)
{
    private const long First = 8619800000000;

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(1000, 999)]
    [InlineData(1000, 500)]
    [InlineData(1000, 333)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(1, 0)]
    [InlineData(7, 4)]
    public async Task One_bad_number_costs_at_most_eleven_further_requests(int people, int bad)
    {
        var sending = await SentAsync(people, bad);
        Assert.Equal<long[]>([First + bad], await RefusedAsync(sending));
        var counts = await CountsAsync(sending);
        Assert.Equal((people - 1, 1), (counts.Accepted, counts.Refused));
        Assert.True(await AttemptsAsync(sending) <= 12, $"{await AttemptsAsync(sending)} requests");
    }

    [Fact]
    public async Task Several_bad_numbers_are_all_found_and_everybody_else_is_sent()
    {
        var sending = await SentAsync(300, 0, 1, 150, 151, 298, 299);
        Assert.Equal<long[]>([First, First + 1, First + 150, First + 151, First + 298, First + 299], await RefusedAsync(sending));
        var counts = await CountsAsync(sending);
        Assert.Equal((294, 6), (counts.Accepted, counts.Refused));
    }

    [Fact]
    public async Task A_whole_batch_of_bad_numbers_is_refused_number_by_number()
    {
        var sending = await SentAsync(8, 0, 1, 2, 3, 4, 5, 6, 7);
        var counts = await CountsAsync(sending);
        Assert.Equal((0, 8), (counts.Accepted, counts.Refused));
    }

    [Fact]
    public async Task A_refusal_that_passes_by_itself_loses_nobody()
    {
        await PostAsync("faults", new { kind = "code", code = "111", times = 1 });
        var sending = await SentAsync(1000);
        Assert.Equal(1000, (await CountsAsync(sending)).Accepted);
        Assert.InRange(await AttemptsAsync(sending), 2, 12);
    }

    [Theory]
    [InlineData("104")]
    [InlineData("111")]
    [InlineData("202")]
    public async Task A_refusal_of_what_was_sent_in_part_is_in_doubt_and_nobody_gets_it_twice(string code)
    {
        await OneAsync<int?>("update app.tenant_settings set doubt_pause = 0 returning 1");
        await PostAsync("faults", new { kind = "partly", when = "after", code, times = 1 });
        var sending = await SentInBatchesAsync(40, 20);
        Assert.Equal(1L, await BatchesAsync(sending, "in_doubt"));
        var counts = await CountsAsync(sending);
        Assert.Equal((20, 20), (counts.Accepted, counts.InDoubt));
        Assert.Equal(30, (await LedgerNumbersAsync()).Count);
    }

    [Fact]
    public async Task A_test_that_ends_in_doubt_lets_the_rest_go()
    {
        await PutAccountAsync([First + 900]);
        // The first request is refused for its bad number; the first half's test is lost.
        await PostAsync("faults", new { kind = "code999", when = "after", times = 1 });
        var sending = await PreparedAsync("Hello", 1000, null, await ListAsync(1000));
        await StartAsync();
        await UntilQuietAsync(sending);
        var counts = await CountsAsync(sending);
        Assert.Equal((499, 1, 500), (counts.Accepted, counts.Refused, counts.InDoubt));
        Assert.All(await LedgerNumbersAsync(), n => Assert.Equal(1, n.Value));
    }

    private Task<Guid> SentAsync(int people, params int[] bad) => SentInBatchesAsync(people, 1000, bad);

    private async Task<Guid> SentInBatchesAsync(int people, int batchSize, params int[] bad)
    {
        await PutAccountAsync([.. bad.Select(b => First + b)]);
        var sending = await PreparedAsync("Hello", batchSize, null, await ListAsync(people));
        await StartAsync();
        await UntilQuietAsync(sending);
        Assert.All(await LedgerNumbersAsync(), n => Assert.Equal(1, n.Value));
        return sending;
    }

    private Task PutAccountAsync(long[] badNumbers) => PutAsync("accounts",
        new { apikey = ApiKey, secret = "0123456789abcdef0123456789abcdef", kind = "both", rate = 1000, concurrency = 200, badNumbers });

    private Task<long> AttemptsAsync(Guid sending) => OneAsync<long>("select count(*) from app.attempts where sending_id = $1", sending);

    private async Task<long[]> RefusedAsync(Guid sending) => await OneAsync<long[]>("""
        select array(select m.number::bigint from app.batches b
                     join app.messages m on m.tenant_id = b.tenant_id and m.sending_id = b.sending_id and m.ordinal between b.first_ordinal and b.last_ordinal
                     where b.sending_id = $1 and b.state = 'refused' order by 1)
        """, sending);
}
