using Portal.Dispatch;

namespace Portal.IntegrationTests.Dispatch;

public sealed class PrepareTests(PortalFixture portal) : DispatchTest(portal)
{
    [Fact]
    public async Task The_same_text_goes_to_everybody_once_in_full_batches()
    {
        var (a, b) = (await ListAsync(250), await ListAsync(250, from: 100));
        var sending = await PreparedAsync("Hello", a, b);
        Assert.Equal(350L, await OneAsync<long>("select count(*) from app.messages where sending_id = $1", sending));
        Assert.Equal(350L, await OneAsync<long>("select count(distinct ordinal) from app.messages where sending_id = $1 and ordinal between 0 and 349", sending));
        Assert.Equal(35L, await BatchesAsync(sending, "planned"));
        Assert.Equal(350L, await OneAsync<long>("select sum(last_ordinal - first_ordinal + 1)::bigint from app.batches where sending_id = $1", sending));
    }

    [Fact]
    public async Task Suppressed_people_are_left_out_with_the_reason()
    {
        var list = await ListAsync(30);
        await OneAsync<int?>("insert into app.suppressions (tenant_id, number, reason, source, at) values ($1, '8619800000007', 'opted_out', 'test', now()) returning 1", Owner.TenantId);
        var sending = await PreparedAsync("Hello", list);
        Assert.Equal(29L, await OneAsync<long>("select count(*) from app.messages where sending_id = $1", sending));
        Assert.Equal("suppressed", await OneAsync<string>("select reason from app.skips where sending_id = $1 and number = '8619800000007'", sending));
        Assert.Equal(1, (await CountsAsync(sending)).Skipped);
    }

    [Fact]
    public async Task Personalised_texts_are_ordered_by_text_and_stored_once()
    {
        var list = await ListAsync(45);
        await OneAsync<int?>("update app.contacts set fields = '{\"name\": \"same\"}' where number < '8619800000025' returning 1");
        await OneAsync<int?>("update app.contacts set fields = '{\"name\": \"  \"}' where number = '8619800000044' returning 1");
        var sending = await PreparedAsync("Hello {{Name}}!", list);
        Assert.Equal(20L, await OneAsync<long>("select count(*) from app.sending_texts where sending_id = $1", sending));
        Assert.Equal(25L, await OneAsync<long>("""
            select count(*) from app.messages m join app.batches b on b.tenant_id = m.tenant_id and b.sending_id = m.sending_id and m.ordinal between b.first_ordinal and b.last_ordinal
            join app.sending_texts t on t.tenant_id = b.tenant_id and t.sending_id = b.sending_id and t.text_no = b.text_no
            where m.sending_id = $1 and t.text = 'Hello same!'
            """, sending));
        Assert.Equal(3L + 19, await BatchesAsync(sending, "planned"));
        Assert.Equal("missing_field", await OneAsync<string>("select reason from app.skips where sending_id = $1", sending));
    }

    [Fact]
    public async Task Preparing_can_be_cut_off_and_run_by_many_at_once()
    {
        var list = await ListAsync(1050);
        var sending = await SendingAsync("Hello", list);
        using var cut = new CancellationTokenSource();
        var runs = Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
        {
            try
            {
                await Get<PrepareSending>().RunAsync(Owner.Scope, sending, i % 2 == 0 ? cut.Token : Ct);
            }
            catch (OperationCanceledException)
            {
                // Cut off on purpose.
            }
        })).ToList();
        await cut.CancelAsync();
        await Task.WhenAll(runs);
        await Get<PrepareSending>().RunAsync(Owner.Scope, sending, Ct);
        Assert.Equal(1050L, await OneAsync<long>("select count(*) from app.messages where sending_id = $1", sending));
        Assert.Equal(1050L, await OneAsync<long>("select sum(last_ordinal - first_ordinal + 1)::bigint from app.batches where sending_id = $1", sending));
        Assert.Equal(105L, await BatchesAsync(sending, "planned"));
    }

    [Fact]
    public async Task An_audience_of_nobody_is_prepared_and_finishes()
    {
        var sending = await PreparedAsync("Hello", await ListAsync(0));
        Assert.True(await Get<FinishSending>().RunAsync(Owner.Scope, sending, Ct));
        Assert.Equal("finished", await OneAsync<string>("select state from app.sendings where id = $1", sending));
    }
}
