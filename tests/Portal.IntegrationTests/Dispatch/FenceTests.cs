using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Data;
using Portal.Dispatch;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>One loop an account, and what becomes of the work of a loop that died.</summary>
public sealed class FenceTests(PortalFixture portal) : DispatchTest(portal)
{
    [Fact]
    public async Task Only_one_holds_an_account_and_each_change_of_hands_raises_the_fence()
    {
        var leases = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 30, Ct)));
        var held = Assert.Single(leases, l => l is not null)!;
        Assert.True(await held.RenewAsync(Ct));
        await held.ReleaseAsync(Ct);
        Assert.False(await held.RenewAsync(Ct));
        var next = await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 30, Ct);
        Assert.Equal(held.Fence + 1, next!.Fence);
    }

    [Fact]
    public async Task A_lease_for_another_tenants_account_is_not_given()
    {
        var stranger = await Portal.NewTenantAsync();
        Assert.Null(await Lease.AcquireAsync(Portal.Databases, stranger.Scope, Account, 30, Ct));
    }

    [Fact]
    public async Task Due_work_of_two_tenants_is_found()
    {
        await PreparedAsync("Hello", await ListAsync(5));
        var other = await Portal.NewTenantAsync();
        var (account, sending) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await Portal.Database.AdminAsync($"""
            insert into app.accounts (tenant_id, id, label, base_address, kind, state, rate, concurrency, batch_size, created_at)
            values ('{other.TenantId}', '{account}', 'x', 'http://127.0.0.1', 'both', 'active', 1, 1, 1, now());
            insert into app.sendings (tenant_id, id, account_id, kind, state, month, text, list_ids, batch_size, created_at, not_before, messages, batches)
            values ('{other.TenantId}', '{sending}', '{account}', 'campaign', 'running', '2026-11-01', 'x', '{"{}"}', 1, now(), now(), 1, 1);
            insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, numbers, text_no, state, fence, attempts, not_before, changed_at)
            values ('{other.TenantId}', '{sending}', 0, '{account}', 0, 0, '{"{8619800000000}"}', 0, 'planned', 0, 0, now(), now());
            """);
        var found = new List<Guid>();
        await using var command = Portal.Databases[DatabaseRole.Dispatch].CreateCommand("select account_id from infra.due_work()");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            found.Add(reader.GetGuid(0));
        Assert.Contains(Account, found);
        Assert.Contains(account, found);
    }

    [Fact]
    public async Task Batches_that_wait_for_their_time_are_not_looked_at_however_many_they_are()
    {
        var sending = await PreparedAsync("Hello", await ListAsync(10));
        await Portal.Database.AdminAsync($"""
            insert into app.batches
            select (jsonb_populate_record(b, jsonb_build_object('batch_no', n, 'not_before', now() + interval '1 hour'))).*
            from app.batches b, generate_series(1, 20000) n where b.sending_id = '{sending}';
            update app.batches set not_before = now() + interval '1 hour' where sending_id = '{sending}' and batch_no = 0
            """);
        foreach (var statistics in (bool[])[false, true])
        {
            if (statistics)
                await Portal.Database.AdminAsync("analyze app.batches");
            // The least of some: a connection's first looks read the catalogue too.
            var pages = long.MaxValue;
            for (var look = 0; look < 5; look++)
                pages = Math.Min(pages, await PagesOfALookAsync());
            Assert.True(pages < 150, $"{pages} pages were read");
        }
        Assert.Equal(0L, await Portal.Database.AdminScalarAsync<long>($"select count(*) from infra.due_work() where account_id = '{Account}'"));
        Assert.False(await Get<AccountWork>().AnythingLeftAsync(Owner.Scope, Account, Ct));

        // What a dead loop left behind is seen among them, and so is the one whose time has come.
        await Portal.Database.AdminAsync($"update app.batches set state = 'claimed' where sending_id = '{sending}' and batch_no = 9000");
        Assert.Equal(1L, await Portal.Database.AdminScalarAsync<long>($"select count(*) from infra.due_work() where account_id = '{Account}'"));
        await Portal.Database.AdminAsync($"update app.batches set state = 'planned', not_before = now() where sending_id = '{sending}' and batch_no = 9000");
        Assert.Equal(1L, await Portal.Database.AdminScalarAsync<long>($"select count(*) from infra.due_work() where account_id = '{Account}'"));
        var lease = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 30, Ct))!;
        Assert.Equal(9000, Assert.Single(await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 25, Guid.Empty, Ct)).BatchNo);
    }

    /// <summary>As it is when a sending has just been prepared: the statistics know nothing of its batches, or of any.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("analyze app.batches before")]
    [InlineData("analyze app.batches after")]
    public async Task A_claim_reads_its_batches_and_no_others_whatever_the_statistics_say(string analyze)
    {
        var sending = await PreparedAsync("Hello", await ListAsync(10));
        await Portal.Database.AdminAsync($"update app.batches set state = 'accepted' where sending_id = '{sending}'");
        if (analyze.EndsWith("before", StringComparison.Ordinal))
            await Portal.Database.AdminAsync("analyze app.batches");
        await Portal.Database.AdminAsync($"""
            insert into app.batches
            select (jsonb_populate_record(b, jsonb_build_object('batch_no', n, 'state', 'planned', 'first_ordinal', n * 10, 'last_ordinal', n * 10 + 9))).*
            from app.batches b, generate_series(1, 20000) n where b.sending_id = '{sending}';
            update app.sendings set messages = 200010, batches = 20001 where id = '{sending}'
            """);
        if (analyze.EndsWith("after", StringComparison.Ordinal))
            await Portal.Database.AdminAsync("analyze app.batches");
        await using var connection = await Portal.Databases.OpenAsync(DatabaseRole.Dispatch, Owner.Scope, Ct);
        var pages = long.MaxValue;
        for (var look = 0; look < 3; look++)
        {
            await using var transaction = await connection.BeginTransactionAsync(Ct);
            Assert.False(await new Lease(Portal.Databases, Owner.Scope, Account, Guid.Empty, 0, 30).HoldAsync(connection, Ct));
            await using var command = new NpgsqlCommand("explain (analyze, buffers, format json) " + ClaimBatches.Sql, connection);
            foreach (var value in (object[])[Owner.TenantId, Account, 1L, 100, Guid.Empty])
                command.Parameters.Add(new() { Value = value });
            pages = Math.Min(pages, Pages((string)(await command.ExecuteScalarAsync())!));
            await transaction.RollbackAsync();
        }
        Assert.InRange(pages, 100, 6000);
    }

    /// <summary>A plan that was made while the tables were empty is kept: whoever names a batch or an attempt by its key must have no other way to it.</summary>
    [Fact]
    public async Task Batches_and_attempts_have_no_index_of_every_row_but_their_key() =>
        Assert.Equal("pk_attempts,pk_batches", await Portal.Database.AdminScalarAsync<string>("""
            select string_agg(c.relname::text, ',' order by c.relname::text)
            from pg_index i join pg_class c on c.oid = i.indexrelid
            where i.indrelid in ('app.batches'::regclass, 'app.attempts'::regclass) and i.indpred is null
            """));

    private async Task<long> PagesOfALookAsync() =>
        Pages(await Portal.Database.AdminScalarAsync<string>("explain (analyze, buffers, format json) select from infra.due_work()"));

    private static long Pages(string plan)
    {
        using var read = System.Text.Json.JsonDocument.Parse(plan);
        return read.RootElement[0].GetProperty("Plan").GetProperty("Shared Hit Blocks").GetInt64();
    }

    /// <summary>Attempts that begin without a pause between them hold it all the time: their own loop lives, and nobody else gets it.</summary>
    [Fact]
    public async Task Who_holds_a_lease_keeps_others_from_it_and_not_its_own_loop()
    {
        var lease = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 30, Ct))!;
        await using var connection = await Portal.Databases.OpenAsync(DatabaseRole.Dispatch, Owner.Scope, Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        Assert.True(await lease.HoldAsync(connection, Ct));
        Assert.True(await lease.RenewAsync(Ct).WaitAsync(TimeSpan.FromSeconds(10)));
        await Portal.Database.AdminAsync($"update infra.leases set until = now() - interval '1 second' where account_id = '{Account}'");
        var other = Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 30, Ct);
        await UntilAsync(async () => await Portal.Database.AdminScalarAsync<long>("""
            select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%infra.acquire_lease%'
            """) == 1, "the other waits");
        Assert.False(other.IsCompleted);
        await transaction.CommitAsync(Ct);
        Assert.Equal(lease.Fence + 1, (await other)!.Fence);
    }

    [Fact]
    public async Task A_sleeper_that_lost_its_lease_takes_and_begins_nothing()
    {
        await PreparedAsync("Hello", await ListAsync(40));
        var claims = Get<ClaimBatches>();
        var ticket = (await Get<RestoreFence>().TakeAsync(Ct))!;
        var sleeper = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 3, Ct))!;
        var batch = (await claims.RunAsync(Owner.Scope, Account, sleeper, 2, Guid.Empty, Ct))[0];
        Lease? other = null;
        await UntilAsync(async () => (other = await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 30, Ct)) is not null, "the lease is over");

        Assert.Empty(await claims.RunAsync(Owner.Scope, Account, sleeper, 2, Guid.Empty, Ct));
        using var signed = await SignedAsync(sleeper, batch);
        Assert.Equal("lease", await Get<BeginAttempt>().RunAsync(Owner.Scope, Account, sleeper, signed, ticket, TimeProvider.System.GetUtcNow(), Ct));
        await Get<RecoverAccount>().RunAsync(Owner.Scope, Account, other!, TimeSpan.FromSeconds(30), Ct);
        Assert.Equal("planned", await OneAsync<string>("select state from app.batches where sending_id = $1 and batch_no = $2", batch.SendingId, batch.BatchNo));
    }

    [Fact]
    public async Task A_sleeper_in_the_middle_of_a_claim_does_not_keep_the_lease()
    {
        var sleeper = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 1, Ct))!;
        await using var connection = await Portal.Databases.OpenAsync(DatabaseRole.Dispatch, Owner.Scope, Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        Assert.True(await sleeper.HoldAsync(connection, Ct));
        // It says nothing more.
        Lease? other = null;
        await UntilAsync(async () => (other = await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 30, Ct)) is not null, "the lease is over");
        Assert.Equal(sleeper.Fence + 1, other!.Fence);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => transaction.CommitAsync(Ct));
    }

    [Fact]
    public async Task An_attempt_left_behind_is_in_doubt_after_its_timeout_and_never_before()
    {
        var sending = await PreparedAsync("Hello", await ListAsync(20));
        var ticket = (await Get<RestoreFence>().TakeAsync(Ct))!;
        var dead = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 3, Ct))!;
        var batch = (await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, dead, 1, Guid.Empty, Ct))[0];
        using var signed = await SignedAsync(dead, batch);
        Assert.Null(await Get<BeginAttempt>().RunAsync(Owner.Scope, Account, dead, signed, ticket, TimeProvider.System.GetUtcNow(), Ct));
        Lease? next = null;
        await UntilAsync(async () => (next = await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 60, Ct)) is not null, "the lease is over");

        await Get<RecoverAccount>().RunAsync(Owner.Scope, Account, next!, TimeSpan.FromMinutes(5), Ct);
        Assert.Equal(1L, await BatchesAsync(sending, "dispatching"));
        await Portal.Database.AdminAsync($"update app.attempts set started_at = started_at - interval '6 minutes' where sending_id = '{sending}'");
        await Get<RecoverAccount>().RunAsync(Owner.Scope, Account, next!, TimeSpan.FromMinutes(5), Ct);
        Assert.Equal(1L, await BatchesAsync(sending, "in_doubt"));
        Assert.Equal(10, (await CountsAsync(sending)).InDoubt);

        // The reply comes after all: an outcome is evidence, whatever the lease says by now.
        var late = new Outcome(OutcomeKind.Accepted, "000", null, new() { Kind = Sms.Provider.AnswerKind.Accepted, TaskId = "1", Segments = 10 });
        await Get<RecordOutcome>().RunAsync(Owner.Scope, Account, batch, 10, late, Ct);
        var counts = await CountsAsync(sending);
        Assert.Equal((10, 0, 10), (counts.Accepted, counts.InDoubt, counts.Segments));
        // And only once.
        await Get<RecordOutcome>().RunAsync(Owner.Scope, Account, batch, 10, late, Ct);
        Assert.Equal(10, (await CountsAsync(sending)).Accepted);
    }
}
