using Npgsql;
using Portal.Data;
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
        await ToTheEndAsync(sending);
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

    [Fact]
    public async Task Killed_inside_a_chunk_it_goes_on_from_the_last_one_that_was_committed()
    {
        var (a, b) = (await ListAsync(500), await ListAsync(500, from: 250));
        await SuppressAsync("8619800000033", "8619800000444");
        var sending = await SendingAsync("Hello", a, b);
        await using (var inTheWay = await HoldAsync(sending, "8619800000600"))
        {
            var run = Get<PrepareSending>().RunAsync(Owner.Scope, sending, Ct);
            await UntilAsync(async () => await WaitingAsync() > 0, "preparing waits inside a chunk");
            var before = await OneAsync<long>("select count(*) from app.messages where sending_id = $1", sending);
            Assert.InRange(before, 100, 599);
            Assert.Equal(before, await OneAsync<long>("select messages::bigint from app.sendings where id = $1", sending));
            Assert.Equal(before, await OneAsync<long>("select sum(last_ordinal - first_ordinal + 1)::bigint from app.batches where sending_id = $1", sending));
            await KillAsync();
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => run);
        }
        await ToTheEndAsync(sending);
        await AssertExactAsync(sending, people: 750, skipped: 2);
        Assert.Equal(75L, await OneAsync<long>("select count(*) from app.batches where sending_id = $1", sending));
    }

    [Theory]
    [InlineData("Hello")]
    [InlineData("Hello {{name}}")]
    public async Task Killed_at_any_point_and_run_again_nobody_is_missing_and_nobody_is_there_twice(string text)
    {
        var (a, b) = (await ListAsync(900), await ListAsync(900, from: 300));
        await SuppressAsync("8619800000001", "8619800000500", "8619800001199");
        var sending = await SendingAsync(text, a, b);
        var kills = 0;
        for (var pause = 0; await OneAsync<long>("select count(*) from app.sendings where id = $1 and prepared_at is not null", sending) == 0; pause = (pause + 3) % 40)
        {
            using var over = new CancellationTokenSource();
            var killer = Task.Run(async () =>
            {
                await Task.Delay(pause);
                if (!over.IsCancellationRequested && kills < 12)
                {
                    kills++;
                    await KillAsync();
                }
            });
            try
            {
                await Get<PrepareSending>().RunAsync(Owner.Scope, sending, Ct);
            }
            catch (NpgsqlException)
            {
                // Its connection was cut.
            }
            await over.CancelAsync();
            await killer;
        }
        Assert.InRange(kills, 1, 12);
        await AssertExactAsync(sending, people: 1200, skipped: 3);
    }

    [Fact]
    public async Task A_sending_with_a_canary_offers_no_batch_before_everybody_is_prepared()
    {
        var list = await ListAsync(500);
        var sending = await SendingAsync("Hello", 10, new SendingPace(null, new SendingCanary(5, 80, 10)), list);
        Task run;
        await using (var inTheWay = await HoldAsync(sending, "8619800000400"))
        {
            run = Get<PrepareSending>().RunAsync(Owner.Scope, sending, Ct);
            await UntilAsync(async () => await WaitingAsync() > 0, "preparing waits inside a chunk");
            Assert.NotEqual(0L, await BatchesAsync(sending, "planned"));
            Assert.Equal("preparing", await OneAsync<string>("select state from app.sendings where id = $1", sending));
            Assert.True(await Get<ControlSending>().PauseAsync(Owner.Scope, sending, Ct));
            Assert.True(await Get<ControlSending>().ResumeAsync(Owner.Scope, sending, Ct));
            Assert.Equal("preparing", await OneAsync<string>("select state from app.sendings where id = $1", sending));
        }
        await run;
        Assert.Equal("running", await OneAsync<string>("select state from app.sendings where id = $1", sending));
        await AssertExactAsync(sending, people: 500, skipped: 0);
    }

    [Fact]
    public async Task Called_off_while_a_chunk_is_made_no_batch_of_it_is_left_planned()
    {
        var sending = await SendingAsync("Hello", await ListAsync(500));
        Task run;
        await using (var inTheWay = await HoldAsync(sending, "8619800000400"))
        {
            run = Get<PrepareSending>().RunAsync(Owner.Scope, sending, Ct);
            await UntilAsync(async () => await WaitingAsync() > 0, "preparing waits inside a chunk");
            Assert.True(await Get<ControlSending>().CancelAsync(Owner.Scope, sending, Ct));
        }
        await run;
        Assert.Equal(0L, await BatchesAsync(sending, "planned"));
        await AssertCountsAsync(sending);
        Assert.Equal(await OneAsync<long>("select count(*) from app.messages where sending_id = $1", sending), (await CountsAsync(sending)).Cancelled);
    }

    [Theory]
    [InlineData("Hello")]
    [InlineData("Hello {{name}}")]
    public async Task Every_batch_finds_its_own_messages(string text)
    {
        var list = await ListAsync(230);
        await OneAsync<int?>("update app.contacts set fields = '{\"name\": \"same\"}' where number < '8619800000125' returning 1");
        var sending = await PreparedAsync(text, list);
        Assert.Equal(230L, await OneAsync<long>($"""
            select count(distinct m.number) from app.batches b cross join {BatchMessages.Of("b")} o
            join app.messages m on m.tenant_id = b.tenant_id and m.sending_id = b.sending_id and m.number = o.number and m.ordinal = o.ordinal
            where b.sending_id = $1
            """, sending));
    }

    [Theory]
    [InlineData("Hello", 23, "10 10 3 10 10 10 10 10 10 10 7")]
    [InlineData("Hello", 30, "10 10 10 10 10 10 10 10 10 10")]
    [InlineData("Hello", 4, "4 10 10 10 10 10 10 10 10 10 6")]
    [InlineData("Hello", 100, "10 10 10 10 10 10 10 10 10 10")]
    [InlineData("Hello {{name}}", 23, "10 10 3 10 10 7 10 10 10 10 10")]
    [InlineData("Hello {{name}}", 57, "10 10 10 10 10 7 10 10 10 10 3")]
    public async Task A_canary_ends_with_a_batch(string text, int canary, string sizes)
    {
        var list = await ListAsync(100);
        await OneAsync<int?>("update app.contacts set fields = jsonb_build_object('name', number >= '8619800000050') returning 1");
        var sending = await PreparedAsync(text, 10, new SendingPace(null, new SendingCanary(canary, 80, 10)), list);
        Assert.Equal(sizes, await OneAsync<string>("select string_agg((last_ordinal - first_ordinal + 1)::text, ' ' order by first_ordinal) from app.batches where sending_id = $1", sending));
        await AssertExactAsync(sending, people: 100, skipped: 0);
    }

    [Fact]
    public async Task A_canary_across_chunks_is_cut_once()
    {
        var sending = await PreparedAsync("Hello", 10, new SendingPace(null, new SendingCanary(234, 80, 10)), await ListAsync(1000));
        Assert.Equal("4 6", await OneAsync<string>("""
            select string_agg((last_ordinal - first_ordinal + 1)::text, ' ' order by first_ordinal) from app.batches where sending_id = $1 and last_ordinal - first_ordinal + 1 < 10
            """, sending));
        Assert.Equal(1L, await OneAsync<long>("select count(*) from app.batches where sending_id = $1 and last_ordinal = 233", sending));
        await AssertExactAsync(sending, people: 1000, skipped: 0);
    }

    [Fact]
    public async Task Requests_begin_while_a_chunk_is_made()
    {
        var sending = await SendingAsync("Hello", await ListAsync(500));
        await using (var inTheWay = await HoldAsync(sending, "8619800000400"))
        {
            var run = Get<PrepareSending>().RunAsync(Owner.Scope, sending, Ct);
            await UntilAsync(async () => await WaitingAsync() > 0, "preparing waits inside a chunk");
            await StartAsync();
            await UntilAsync(async () => (await CountsAsync(sending)).Accepted > 0, "the first chunk is sent");
            Assert.False(run.IsCompleted);
        }
        await UntilAsync(async () => (await CountsAsync(sending)).Accepted == 500, "everybody is sent to");
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task What_stands_prepared_for_a_while_makes_way_for_another_tenants_requests()
    {
        await OneAsync<int?>("update app.accounts set rate = 1 where id = $1 returning 1", Account);
        var list = await ListAsync(1000);
        var alone = await PreparedAsync("Hello", list);
        await Portal.Database.AdminAsync("insert into infra.leases (account_id, tenant_id, holder, fence, until) select i, i, i, 1, 'infinity' from gen_random_uuid() i");
        var (beside, canary) = (await PreparedAsync("Hello", list), await PreparedAsync("Hello", 10, new SendingPace(null, new SendingCanary(10, 80, 10)), list));
        await Portal.Database.AdminAsync("delete from infra.leases where until = 'infinity'");

        Assert.InRange(await ChunksAsync(alone), 10, 20);
        // Five requests' people and what was read ahead by then, then a tenth of a chunk each time: a hundred at the most.
        Assert.InRange(await ChunksAsync(beside), 80, 100);
        // Its first request waits for all of it.
        Assert.Equal(await ChunksAsync(alone), await ChunksAsync(canary));
        await AssertExactAsync(beside, people: 1000, skipped: 0);
        await AssertExactAsync(canary, people: 1000, skipped: 0);

        Task<long> ChunksAsync(Guid sending) => OneAsync<long>("select count(distinct xmin::text) from app.batches where sending_id = $1", sending);
    }

    // The server takes a moment to let go of what a cut connection held.
    private Task ToTheEndAsync(Guid sending) => UntilAsync(async () =>
    {
        await Get<PrepareSending>().RunAsync(Owner.Scope, sending, Ct);
        return await OneAsync<long>("select count(*) from app.sendings where id = $1 and prepared_at is not null", sending) == 1;
    }, "the sending is prepared");

    /// <summary>Enters a message for this number behind the portal's back and leaves it open: whoever enters it too has to wait.</summary>
    private async Task<NpgsqlConnection> HoldAsync(Guid sending, string number)
    {
        var connection = await Portal.Database.OpenAdminAsync();
        await connection.RunAsync(Ct, "begin");
        await connection.RunAsync(Ct, """
            insert into app.messages (tenant_id, month, sending_id, number, ordinal) select tenant_id, month, id, $2, -1 from app.sendings where id = $1
            """, sending, number);
        return connection;
    }

    private Task<long> WaitingAsync() => Portal.Database.AdminScalarAsync<long>(
        "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'portal-dispatch' and wait_event_type = 'Lock'");

    private async Task KillAsync()
    {
        await Portal.Database.AdminAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'portal-dispatch'");
        // Nobody else shall find a dead connection among those that are kept.
        foreach (var databases in (Databases[])[Portal.Databases, Get<Databases>()])
            databases[DatabaseRole.Dispatch].Clear();
    }

    private async Task SuppressAsync(params string[] numbers) => await OneAsync<long>("""
        with added as (insert into app.suppressions (tenant_id, number, reason, source, at) select $1, n, 'opted_out', 'test', now() from unnest($2) n returning 1)
        select count(*) from added
        """, Owner.TenantId, numbers);

    private async Task AssertExactAsync(Guid sending, int people, int skipped)
    {
        await AssertCountsAsync(sending);
        Assert.Equal(0L, await OneAsync<long>($"""
            select count(*) from app.batches b cross join {BatchMessages.Of("b")} o
            left join app.messages m on m.tenant_id = b.tenant_id and m.sending_id = b.sending_id and m.number = o.number and m.ordinal = o.ordinal
            where b.sending_id = $1 and m.number is null
            """, sending));
        Assert.Equal(people - skipped, await OneAsync<int>("select messages from app.sendings where id = $1", sending));
        Assert.Equal(skipped, (await CountsAsync(sending)).Skipped);
        Assert.Equal((long)skipped, await OneAsync<long>("select count(*) from app.skips where sending_id = $1", sending));
        Assert.Equal((long)people, await OneAsync<long>("""
            select count(*) from (select number from app.messages where sending_id = $1 union select number from app.skips where sending_id = $1) n
            join app.contacts c on c.tenant_id = $2 and c.number = n.number
            """, sending, Owner.TenantId));
        Assert.Equal((long)(people - skipped), await OneAsync<long>("""
            select count(distinct ordinal) from app.messages where sending_id = $1 and ordinal between 0 and $2 - 1
            """, sending, people - skipped));
        Assert.Equal((long)(people - skipped), await OneAsync<long>("""
            select count(*) from app.messages m join app.batches b on b.tenant_id = m.tenant_id and b.sending_id = m.sending_id and m.ordinal between b.first_ordinal and b.last_ordinal
            where m.sending_id = $1 and b.state = 'planned'
            """, sending));
    }
}
