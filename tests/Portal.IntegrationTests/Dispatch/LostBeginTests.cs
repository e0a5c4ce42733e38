using Portal.Data;
using Portal.Dispatch;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>The connection dies when an attempt is begun: it is found out whether it stands, and nothing becomes a doubt for it.</summary>
public sealed class LostBeginTests(PortalFixture portal) : DispatchTest(portal)
{
    private const string Committing = "datname = current_database() and wait_event = 'PgSleep' and pid <> pg_backend_pid()";

    [Fact]
    public async Task An_attempt_that_was_committed_after_all_was_not_sent_and_its_batch_goes_again()
    {
        var (sending, lease, batch) = await ClaimedAsync();
        using var signed = await SignedAsync(lease, batch);
        var ticket = (await Get<RestoreFence>().TakeAsync(Ct))!;
        Assert.Null(await BeginAsync(lease, signed, ticket));
        await Get<LostBegin>().RunAsync(Owner.Scope, Account, signed, ticket);
        Assert.Equal("not_sent begin_lost", await OneAsync<string>("select state || ' ' || why from app.attempts where sending_id = $1", sending));
        Assert.Equal(1L, await BatchesAsync(sending, "planned"));
        Assert.Equal(0L, await OneAsync<long>("select sum(messages)::bigint from app.usage"));
        await lease.ReleaseAsync(Ct);
        await StartAsync();
        await UntilQuietAsync(sending);
        Assert.Equal(10, (await CountsAsync(sending)).Accepted);
        Assert.All(await LedgerNumbersAsync(), n => Assert.Equal(1, n.Value));
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task One_that_was_not_committed_leaves_nothing_to_record()
    {
        var (sending, lease, batch) = await ClaimedAsync();
        using var signed = await SignedAsync(lease, batch);
        await Get<LostBegin>().RunAsync(Owner.Scope, Account, signed, (await Get<RestoreFence>().TakeAsync(Ct))!);
        Assert.Equal(1L, await BatchesAsync(sending, "claimed"));
    }

    [Fact]
    public async Task Another_loops_attempt_of_the_same_number_is_let_alone()
    {
        var (sending, lease, batch) = await ClaimedAsync();
        using var signed = await SignedAsync(lease, batch);
        var mine = (await Get<RestoreFence>().TakeAsync(Ct))!;
        Assert.Null(await BeginAsync(lease, signed, (await Get<RestoreFence>().TakeAsync(Ct))!));
        await Get<LostBegin>().RunAsync(Owner.Scope, Account, signed, mine);
        Assert.Equal("dispatching", await OneAsync<string>("select state from app.attempts where sending_id = $1", sending));
        Assert.Equal(1L, await BatchesAsync(sending, "dispatching"));
    }

    [Fact]
    public async Task It_waits_for_a_begin_that_the_server_still_works_on()
    {
        var (sending, lease, batch) = await ClaimedAsync();
        using var signed = await SignedAsync(lease, batch);
        var ticket = (await Get<RestoreFence>().TakeAsync(Ct))!;
        await SlowCommitAsync(seconds: 2);
        var begin = BeginAsync(lease, signed, ticket);
        await UntilAsync(async () => await CommittingAsync() == 1, "it is committed");
        await Get<LostBegin>().RunAsync(Owner.Scope, Account, signed, ticket);
        Assert.Null(await begin);
        Assert.Equal("not_sent", await OneAsync<string>("select state from app.attempts where sending_id = $1", sending));
    }

    [Fact]
    public async Task Connections_that_are_ended_in_mid_commit_cost_no_doubt_and_nobody_is_lost()
    {
        await SlowCommitAsync(seconds: 1);
        var sending = await PreparedAsync("Hello", await ListAsync(30));
        await StartAsync();
        await UntilAsync(async () => await CommittingAsync() > 0, "attempts are being committed");
        await Portal.Database.AdminAsync($"select pg_terminate_backend(pid) from pg_stat_activity where {Committing}");
        await Portal.Database.AdminAsync("drop trigger slow on app.attempts");
        await UntilQuietAsync(sending);
        var counts = await CountsAsync(sending);
        Assert.Equal((30, 0), (counts.Accepted, counts.InDoubt));
        Assert.All(await LedgerNumbersAsync(), n => Assert.Equal(1, n.Value));
        await AssertCountsAsync(sending);
    }

    private Task<long> CommittingAsync() => Portal.Database.AdminScalarAsync<long>($"select count(*) from pg_stat_activity where {Committing}");

    /// <summary>A begin takes so long between its last statement and its end.</summary>
    private Task SlowCommitAsync(int seconds) => Portal.Database.AdminAsync($"""
        create or replace function app.slow() returns trigger language plpgsql as $$ begin perform pg_sleep({seconds}); return null; end $$;
        drop trigger if exists slow on app.attempts;
        create constraint trigger slow after insert on app.attempts deferrable initially deferred for each row execute function app.slow()
        """);

    private Task<string?> BeginAsync(Lease lease, SignedBatch signed, DispatchTicket ticket) =>
        Get<BeginAttempt>().RunAsync(Owner.Scope, Account, lease, signed, ticket, TimeProvider.System.GetUtcNow(), Ct);

    private async Task<(Guid Sending, Lease Lease, ClaimedBatch Batch)> ClaimedAsync()
    {
        await Portal.Database.AdminAsync("drop trigger if exists slow on app.attempts");
        var sending = await PreparedAsync("Hello", await ListAsync(10));
        var lease = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 60, Ct))!;
        return (sending, lease, Assert.Single(await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 1, Guid.Empty, Ct)));
    }
}
