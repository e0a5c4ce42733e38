using Portal.Dispatch;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>Whose batch is next: lanes, turns between sendings, the pace of a sending, its canary.</summary>
public sealed class TurnsTests(PortalFixture portal) : DispatchTest(portal)
{
    [Fact]
    public async Task Sendings_of_an_account_take_turns_also_from_claim_to_claim()
    {
        var (big, small) = (await PreparedAsync("Big", await ListAsync(300)), await PreparedAsync("Small", await ListAsync(60, 5000)));
        var lease = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 30, Ct))!;
        var (order, served) = (new List<Guid>(), Guid.Empty);
        for (var i = 0; i < 6; i++)
        {
            var claimed = await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, i % 2 == 0 ? 1 : 3, served, Ct);
            order.AddRange(claimed.Select(b => b.SendingId));
            served = order[^1];
        }
        Assert.Equal(12, order.Count);
        Assert.Equal(6, order.Count(s => s == small));
        Assert.All(order.Zip(order.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Contains(big, order);
    }

    [Fact]
    public async Task What_is_no_campaign_passes_first()
    {
        await PreparedAsync("Hello", await ListAsync(300));
        var test = (await Get<SendTest>().RunAsync(Owner, Account, "+86 198 0000 1234", "Just a test", Ct)).Value;
        var lease = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 30, Ct))!;
        var claimed = await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 2, test, Ct);
        Assert.Equal(test, claimed[0].SendingId);
        Assert.True(claimed[0].Urgent);
        Assert.False(claimed[1].Urgent);
    }

    [Fact]
    public async Task A_sending_that_is_spread_gives_only_what_its_time_has_come_to()
    {
        var pace = new SendingPace(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1), null);
        var sending = await PreparedAsync("Hello", 10, pace, await ListAsync(300));
        var lease = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 30, Ct))!;
        Assert.Single(await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 100, Guid.Empty, Ct));
        // Half of the hour has gone by.
        await Portal.Database.AdminAsync($"update app.sendings set not_before = now() - interval '30 minutes', spread_until = now() + interval '30 minutes' where id = '{sending}'");
        var half = 1 + (await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 100, Guid.Empty, Ct)).Count;
        Assert.InRange(half, 15, 16);
        await Portal.Database.AdminAsync($"update app.sendings set not_before = now() - interval '90 minutes', spread_until = now() - interval '30 minutes' where id = '{sending}'");
        Assert.Equal(30 - half, (await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 100, Guid.Empty, Ct)).Count);
    }

    [Fact]
    public async Task The_rest_follows_its_canary_when_enough_were_delivered()
    {
        var sending = await CanaryAsync(percent: 80);
        await DeliveredAsync(sending, delivered: 7, undelivered: 2);
        Assert.Null(await Get<JudgeCanary>().RunAsync(Owner.Scope, sending, Ct));
        await DeliveredAsync(sending, delivered: 16, undelivered: 2);
        await UntilQuietAsync(sending);
        Assert.Equal(100, (await LedgerNumbersAsync()).Count);
    }

    [Fact]
    public async Task A_canary_that_is_not_delivered_pauses_the_sending_and_a_person_decides()
    {
        var sending = await CanaryAsync(percent: 80);
        await DeliveredAsync(sending, delivered: 10, undelivered: 10);
        await UntilPausedAsync(sending);
        Assert.Equal(20, (await LedgerNumbersAsync()).Count);
        Assert.True(await Get<ControlSending>().ResumeAsync(Owner.Scope, sending, Ct));
        await UntilQuietAsync(sending);
        Assert.Equal(100, (await LedgerNumbersAsync()).Count);
    }

    [Fact]
    public async Task A_canary_without_receipts_pauses_the_sending_when_its_time_is_over()
    {
        var sending = await CanaryAsync(percent: 80);
        Assert.Null(await Get<JudgeCanary>().RunAsync(Owner.Scope, sending, Ct));
        await Portal.Database.AdminAsync($"update app.batches set changed_at = now() - interval '11 minutes' where sending_id = '{sending}'");
        await UntilPausedAsync(sending);
    }

    [Fact]
    public async Task Waiting_canaries_of_two_tenants_are_found()
    {
        var mine = await PreparedAsync("Hello", 10, new SendingPace(null, new SendingCanary(20, 80, 10)), await ListAsync(30));
        var other = await Portal.NewTenantAsync();
        var (account, theirs) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await Portal.Database.AdminAsync($"""
            insert into app.accounts (tenant_id, id, label, base_address, kind, state, rate, concurrency, batch_size, created_at)
            values ('{other.TenantId}', '{account}', 'x', 'http://127.0.0.1', 'both', 'active', 1, 1, 1, now());
            insert into app.sendings (tenant_id, id, account_id, kind, state, month, text, list_ids, batch_size, created_at, not_before, messages, batches, prepared_at, canary, canary_percent, canary_minutes)
            values ('{other.TenantId}', '{theirs}', '{account}', 'campaign', 'running', '2026-11-01', 'x', '{"{}"}', 1, now(), now(), 1, 1, now(), 1, 50, 5);
            """);
        var found = new List<Guid>();
        await using var command = Portal.Databases[global::Portal.Data.DatabaseRole.Dispatch].CreateCommand("select sending_id from infra.waiting_canaries(100)");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            found.Add(reader.GetGuid(0));
        Assert.Contains(mine, found);
        Assert.Contains(theirs, found);
    }

    /// <summary>100 people of whom 20 go first, and have gone.</summary>
    private async Task<Guid> CanaryAsync(int percent)
    {
        var sending = await PreparedAsync("Hello", 10, new SendingPace(null, new SendingCanary(20, percent, 10)), await ListAsync(100));
        await StartAsync();
        await UntilAsync(async () => (await CountsAsync(sending)).Accepted == 20, "the first 20 are accepted");
        Assert.Equal(8L, await BatchesAsync(sending, "planned"));
        return sending;
    }

    private Task UntilPausedAsync(Guid sending) => UntilAsync(
        async () => await OneAsync<string?>("select paused_why from app.sendings where id = $1 and state = 'paused'", sending) == "canary", "it is paused for its canary");

    private Task DeliveredAsync(Guid sending, int delivered, int undelivered) =>
        OneAsync<int?>("update app.sending_counts set delivered = $2, undelivered = $3 where sending_id = $1 returning 1", sending, delivered, undelivered);
}
