using Portal.Campaigns;
using Portal.Dispatch;
using Portal.Members;

namespace Portal.IntegrationTests.Restore;

/// <summary>
/// Each restores the database to a point after the last start of the portal, in the middle of a sending that went on
/// then: from there on nothing may reach the provider until an operator releases it.
/// </summary>
public sealed class RestoreTests
{
    private static CancellationToken Ct => CancellationToken.None;

    [Fact]
    public async Task After_a_recovery_to_a_point_in_time_nothing_is_sent_and_receipts_are_still_taken()
    {
        await using var rig = await RestoreRig.CreateAsync();
        await rig.Cluster.CopyAsync("base");
        var sending = await rig.SendAsync(6000);
        await MiddleAsync(rig, sending);
        await rig.Cluster.SqlAsync("select pg_create_restore_point('here'); select pg_switch_wal()");
        var requests = await SendOnAsync(rig, sending);
        await rig.Cluster.StopAsync();
        await rig.Cluster.ReplaceAsync("base");
        await rig.Cluster.RecoverToAsync("here");
        await rig.Cluster.StartAsync();
        await rig.StartPortalAsync();

        await HeldAsync(rig, requests, "other_timeline");

        var number = await rig.OneAsync<string>("""
            select m.number from app.attempts a join app.batches b using (tenant_id, sending_id, batch_no)
            join app.messages m on m.tenant_id = a.tenant_id and m.sending_id = a.sending_id and m.ordinal = b.first_ordinal
            where a.sending_id = $1 and a.state = 'accepted' order by a.batch_no limit 1
            """, sending);
        await rig.PushReceiptAsync(await rig.OneAsync<string>("select task_id from app.attempts where sending_id = $1 and state = 'accepted' order by batch_no limit 1", sending), number);
        await RestoreRig.UntilAsync(async () => await rig.OneAsync<int>("select delivered from app.sending_counts where sending_id = $1", sending) == 1, "the receipt counts");

        await ReleaseAsync(rig, sending, requests, "other_timeline");
    }

    [Fact]
    public async Task A_copied_data_folder_sends_nothing_though_its_numbers_come_from_the_same_block()
    {
        await using var rig = await RestoreRig.CreateAsync();
        var sending = await rig.SendAsync(6000);
        await MiddleAsync(rig, sending);
        await rig.Cluster.CopyAsync("copy");
        var requests = await SendOnAsync(rig, sending);
        await rig.Cluster.StopAsync();
        await rig.Cluster.ReplaceAsync("copy");
        await rig.Cluster.StartAsync();
        await rig.StartPortalAsync();

        await HeldAsync(rig, requests, "database_behind");
        var state = (await rig.Get<DispatchStatus>().RunAsync(Operator.Console, Ct)).Value;
        Assert.Equal((state.ReservedInside, "database_behind", 1), (state.ReservedOutside!.Value, state.Why, state.Sendings));

        await ReleaseAsync(rig, sending, requests, "database_behind");
    }

    [Fact]
    public async Task A_dump_restored_into_another_database_sends_nothing()
    {
        await using var rig = await RestoreRig.CreateAsync();
        var sending = await rig.SendAsync(6000);
        await MiddleAsync(rig, sending);
        await rig.Cluster.DumpAsync("dump");
        var requests = await SendOnAsync(rig, sending);
        await rig.Cluster.RestoreDumpAsync("dump", "elsewhere");
        await rig.StartPortalAsync("elsewhere");

        await HeldAsync(rig, requests, "other_database");

        await ReleaseAsync(rig, sending, requests, "other_database");
    }

    private static Task MiddleAsync(RestoreRig rig, Guid sending) =>
        RestoreRig.UntilAsync(async () => await rig.BatchesAsync(sending, "accepted") >= 10, "ten batches are accepted");

    /// <summary>Goes on for a while and stands still then. Answers how many requests the provider has seen.</summary>
    private static async Task<long> SendOnAsync(RestoreRig rig, Guid sending)
    {
        var before = await rig.BatchesAsync(sending, "accepted");
        await RestoreRig.UntilAsync(async () => await rig.BatchesAsync(sending, "accepted") >= before + 20, "twenty more batches are accepted");
        await rig.StopPortalAsync();
        return await rig.RequestsAsync();
    }

    private static async Task HeldAsync(RestoreRig rig, long requests, string why)
    {
        await RestoreRig.UntilAsync(async () => await rig.OneAsync<string?>("select held_why from infra.dispatch_state") is not null, "it is held");
        Assert.Equal(why, await rig.OneAsync<string>("select held_why from infra.dispatch_state"));
        Assert.Equal(why, (await rig.Get<AskDispatchHold>()(Ct))?.Why);
        // Many looks for work later.
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.Equal(requests, await rig.RequestsAsync());
    }

    /// <summary>What was left goes in doubt, and what comes new is sent.</summary>
    private static async Task ReleaseAsync(RestoreRig rig, Guid sending, long requests, string why)
    {
        var left = await rig.BatchesAsync(sending, "planned,claimed,dispatching");
        Assert.True(left > 0, "The point that was restored has nothing left to send.");
        var released = (await rig.Get<ReleaseAfterRestore>().RunAsync(Operator.Console, resumePlanned: false, Ct)).Value;

        Assert.Equal(why, released.Dispatch.Why);
        Assert.Equal(new RestoredSending(rig.Owner.TenantId, sending, (int)left, (int)left * 10), Assert.Single(released.Dispatch.Doubted));
        Assert.Equal(left, await rig.BatchesAsync(sending, "in_doubt"));
        Assert.Equal(left * 10, await rig.OneAsync<int>("select in_doubt from app.sending_counts where sending_id = $1", sending));
        Assert.Equal(left, await rig.OneAsync<long>("select count(*) from app.attempts where sending_id = $1 and state = 'in_doubt' and why = 'restored'", sending));

        var next = await rig.SendAsync(20, from: 9000);
        await RestoreRig.UntilAsync(async () => await rig.BatchesAsync(next, "accepted") == 2, "the next sending is sent");
        Assert.Equal(requests + 2, await rig.RequestsAsync());
        Assert.Equal(0, await rig.DoubledAsync());
    }
}
