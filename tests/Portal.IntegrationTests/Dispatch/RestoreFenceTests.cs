using Microsoft.Extensions.DependencyInjection;
using Portal.Campaigns;
using Portal.Data;
using Portal.Dispatch;
using Portal.Members;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>The store outside the database: what fits, what holds, and what an instance does without it.</summary>
public sealed class RestoreFenceTests(PortalFixture portal) : DispatchTest(portal)
{
    private FenceStore Store => Get<FenceStore>();

    [Fact]
    public async Task Numbers_grow_and_a_block_is_reserved_outside_before_the_database_has_it()
    {
        await FreshAsync();
        var fence = Get<RestoreFence>();
        var first = (await fence.TakeAsync(Ct))!;
        Assert.Equal((1, RestoreFence.BlockSize), (first.Number, Store.Read()!.ReservedTo));
        for (var number = 2L; number <= RestoreFence.BlockSize; number++)
            Assert.Equal(number, (await fence.TakeAsync(Ct))!.Number);
        Assert.Equal(RestoreFence.BlockSize + 1, (await fence.TakeAsync(Ct))!.Number);
        Assert.Equal((2 * RestoreFence.BlockSize, 2L * RestoreFence.BlockSize), (Store.Read()!.ReservedTo, await ReservedInsideAsync()));
    }

    [Fact]
    public async Task Instances_take_blocks_of_their_own()
    {
        await FreshAsync();
        await using var other = Another();
        var (mine, theirs) = ((await Get<RestoreFence>().TakeAsync(Ct))!, (await other.GetRequiredService<RestoreFence>().TakeAsync(Ct))!);
        Assert.NotEqual(mine.Block, theirs.Block);
        Assert.Equal(mine.Life, theirs.Life);
    }

    [Fact]
    public async Task Who_died_between_the_two_writes_holds_nobody_up()
    {
        await FreshAsync();
        await Get<RestoreFence>().TakeAsync(Ct);
        Store.Write(Store.Read()! with { ReservedTo = 2 * RestoreFence.BlockSize });
        await using var next = Another();
        Assert.Equal(RestoreFence.BlockSize + 1, (await next.GetRequiredService<RestoreFence>().TakeAsync(Ct))!.Number);
        Assert.Equal(2L * RestoreFence.BlockSize, await ReservedInsideAsync());
    }

    [Fact]
    public async Task A_block_outside_that_was_used_holds_the_database()
    {
        await FreshAsync();
        await Get<RestoreFence>().TakeAsync(Ct);
        Store.Write(Store.Read()! with { ReservedTo = 2 * RestoreFence.BlockSize });
        Get<FenceMarks>().Write(RestoreFence.BlockSize + 1, new(RestoreFence.BlockSize + 1, Owner.TenantId, Guid.NewGuid(), 0, 1));
        await HeldAsync("database_behind");
    }

    [Theory]
    [InlineData("other_server")]
    [InlineData("other_database")]
    [InlineData("other_timeline")]
    [InlineData("database_behind")]
    [InlineData("store_behind")]
    [InlineData("no_record")]
    public async Task What_does_not_fit_holds_every_instance_until_it_is_released(string why)
    {
        await FreshAsync();
        await Get<RestoreFence>().TakeAsync(Ct);
        var record = Store.Read()!;
        Store.Write(why switch
        {
            "other_server" => record with { SystemIdentifier = "1" },
            "other_database" => record with { Database = 1 },
            "other_timeline" => record with { Timeline = 77 },
            "database_behind" => record with { ReservedTo = record.ReservedTo + (2 * RestoreFence.BlockSize) },
            _ => record with { ReservedTo = record.ReservedTo - 1 },
        });
        if (why == "no_record")
            File.Delete(Path.Combine(Store.Folder, "state.json"));
        await HeldAsync(why);
        await using var other = Another();
        Assert.Null(await other.GetRequiredService<RestoreFence>().TakeAsync(Ct));

        Assert.Equal("dispatch_not_held", await ReleaseTwiceAsync());
        await using var after = Another();
        Assert.True((await after.GetRequiredService<RestoreFence>().TakeAsync(Ct))!.Number > RestoreFence.BlockSize);
        Assert.Equal("console", await Portal.Database.AdminScalarAsync<string>("select released_by from infra.dispatch_state"));
    }

    [Fact]
    public async Task No_attempt_begins_for_another_life_of_the_server_or_while_it_is_held()
    {
        await FreshAsync();
        await PreparedAsync("Hello", await ListAsync(20));
        var lease = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 30, Ct))!;
        var batches = await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 1, Guid.Empty, Ct);
        using var signed = Assert.Single(await Get<SignBatches>().RunAsync(Owner.Scope, Account, lease, batches, Ct));
        var ticket = (await Get<RestoreFence>().TakeAsync(Ct))!;
        Task<string?> BeginAsync(DispatchTicket t) => Get<BeginAttempt>().RunAsync(Owner.Scope, Account, lease, signed, t, TimeProvider.System.GetUtcNow(), Ct);

        Assert.Equal("held", await BeginAsync(ticket with { Life = "another" }));
        await Portal.Database.AdminAsync("update infra.dispatch_state set held_why = 'other_timeline', held_at = now()");
        Assert.Equal("held", await BeginAsync(ticket));
        await Portal.Database.AdminAsync("update infra.dispatch_state set held_why = null, held_at = null");
        Assert.Null(await BeginAsync(ticket));
        Assert.Equal(ticket.Number, await OneAsync<long>("select dispatch_no from app.attempts where sending_id = $1", batches[0].SendingId));
    }

    [Fact]
    public async Task A_server_is_not_served_while_another_process_still_serves_an_older_life()
    {
        await FreshAsync();
        await Get<RestoreFence>().TakeAsync(Ct);
        var record = Store.Read()!;
        Store.Write(record with { Life = "1/2/3/4.5" });
        var copy = new FenceLives(Store);
        copy.Serve("1/2/3/4.5");
        await using (var waits = Another())
        {
            Assert.Null(await waits.GetRequiredService<RestoreFence>().TakeAsync(Ct));
            Assert.Contains("Another server", (await waits.GetRequiredService<AskDispatchHold>()(Ct))!.Trouble, StringComparison.Ordinal);
        }
        copy.Dispose();
        await using var goes = Another();
        Assert.NotNull(await goes.GetRequiredService<RestoreFence>().TakeAsync(Ct));
        Assert.Equal(record.Life, Store.Read()!.Life);
    }

    [Fact]
    public async Task An_instance_that_sleeps_with_the_stores_lock_keeps_nobody_from_sending()
    {
        await FreshAsync();
        var fence = Get<RestoreFence>();
        await fence.TakeAsync(Ct);
        using var sleeper = await Store.LockAsync(Ct);
        // Longer than a check counts for.
        await Task.Delay(TimeSpan.FromSeconds(1.2), Ct);
        // Who waits for the lock in vain is given nothing.
        Assert.NotNull(await fence.TakeAsync(Ct));
        // What does not fit is seen all the same, once the lock is free.
        Store.Write(Store.Read()! with { Timeline = 77 });
        await Task.Delay(TimeSpan.FromSeconds(1.2), Ct);
        var held = fence.TakeAsync(Ct).AsTask();
        sleeper.Dispose();
        Assert.Null(await held);
        await HeldAsync("other_timeline");
    }

    [Fact]
    public async Task A_full_disk_holds_this_instance_and_it_goes_on_by_itself()
    {
        await FreshAsync();
        await Get<RestoreFence>().TakeAsync(Ct);
        // Writing to it answers that no space is left, as on a full disk.
        var draft = Path.Combine(Store.Folder, "state.json.new");
        File.CreateSymbolicLink(draft, "/dev/full");
        await using var full = Another();
        Assert.Null(await full.GetRequiredService<RestoreFence>().TakeAsync(Ct));
        var hold = (await full.GetRequiredService<AskDispatchHold>()(Ct))!;
        Assert.Equal((null, Environment.MachineName), (hold.Why, hold.TroubleBy));
        Assert.Contains(Store.Folder, hold.Trouble, StringComparison.Ordinal);
        Assert.Contains("No space left", hold.Trouble, StringComparison.Ordinal);

        File.Delete(draft);
        await UntilAsync(async () => await full.GetRequiredService<RestoreFence>().TakeAsync(Ct) is not null, "it goes on by itself");
    }

    [Fact]
    public async Task An_attempt_that_cannot_be_noted_outside_does_not_leave()
    {
        await FreshAsync();
        var ticket = (await Get<RestoreFence>().TakeAsync(Ct))!;
        var mark = Path.Combine(Store.Folder, $"used-{ticket.Block}");
        // A folder cannot be written to.
        Directory.CreateDirectory(mark);
        var sending = await PreparedAsync("Hello", await ListAsync(10));
        await StartAsync();
        await UntilAsync(async () => await OneAsync<long>("select count(*) from app.attempts where sending_id = $1 and state = 'not_sent'", sending) > 0, "an attempt was not sent");
        Assert.Empty(await LedgerNumbersAsync());
        Directory.Delete(mark);
        await UntilQuietAsync(sending);
        Assert.Equal(10, (await CountsAsync(sending)).Accepted);
        Assert.All(await LedgerNumbersAsync(), n => Assert.Equal(1, n.Value));
    }

    [Fact]
    public async Task What_is_left_of_two_tenants_is_found_for_a_release()
    {
        var stranger = await Portal.NewTenantAsync();
        var mine = await PreparedAsync("Hello", await ListAsync(5));
        var (account, theirs) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await Portal.Database.AdminAsync($"""
            insert into app.accounts (tenant_id, id, label, base_address, kind, state, rate, concurrency, batch_size, created_at)
            values ('{stranger.TenantId}', '{account}', 'x', 'http://127.0.0.1', 'both', 'active', 1, 1, 1, now());
            insert into app.sendings (tenant_id, id, account_id, kind, state, month, text, list_ids, batch_size, created_at, not_before, messages, batches)
            values ('{stranger.TenantId}', '{theirs}', '{account}', 'campaign', 'preparing', '2026-11-01', 'x', '{"{}"}', 1, now(), now(), 0, 0);
            insert into app.sending_counts (tenant_id, sending_id, accepted, refused, in_doubt, skipped, dropped, cancelled, delivered, undelivered, segments, own_segments, not_taken)
            values ('{stranger.TenantId}', '{theirs}', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
            """);
        await FreshAsync();
        await Get<RestoreFence>().TakeAsync(Ct);
        File.Delete(Path.Combine(Store.Folder, "state.json"));
        var released = (await ReleaseAsync()).Value.Dispatch;
        Assert.Contains(released.Doubted, d => d.SendingId == mine && d is { Batches: 1, People: 5 });
        Assert.True(released.Paused >= 1, "The one that was being prepared is paused.");
        Assert.Equal("paused", await Portal.Database.AdminScalarAsync<string>($"select state from app.sendings where id = '{theirs}'"));
    }

    /// <summary>As before the first start: every test begins with an empty store.</summary>
    private async Task FreshAsync()
    {
        await StopAsync();
        Get<FenceLives>().Dispose();
        if (Directory.Exists(Store.Folder))
            Directory.Delete(Store.Folder, recursive: true);
        await Portal.Database.AdminAsync("update infra.dispatch_state set reserved_to = 0, held_why = null, held_at = null, trouble = null, released_by = null");
    }

    private ServiceProvider Another() => Portal.Build(services => services.AddCampaigns());

    private async Task HeldAsync(string why)
    {
        await using var instance = Another();
        Assert.Null(await instance.GetRequiredService<RestoreFence>().TakeAsync(Ct));
        Assert.Equal(why, await Portal.Database.AdminScalarAsync<string>("select held_why from infra.dispatch_state"));
        Assert.Equal(why, (await instance.GetRequiredService<DispatchStatus>().RunAsync(Operator.Console, Ct)).Value.Why);
    }

    private async Task<Result<ReleasedAfterRestore>> ReleaseAsync()
    {
        await using var console = Another();
        return await console.GetRequiredService<ReleaseAfterRestore>().RunAsync(Operator.Console, resumePlanned: false, Ct);
    }

    private async Task<string> ReleaseTwiceAsync()
    {
        Assert.True((await ReleaseAsync()).Ok);
        return Assert.Single((await ReleaseAsync()).Problems).Code;
    }

    private Task<long> ReservedInsideAsync() => Portal.Database.AdminScalarAsync<long>("select reserved_to from infra.dispatch_state");
}
