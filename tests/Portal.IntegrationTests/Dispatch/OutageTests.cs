using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Accounts;
using Portal.Dispatch;
using Portal.Sms.Provider;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>A wrong clock and a provider that is not there: nothing is lost, nothing is called failed.</summary>
public sealed class OutageTests(PortalFixture portal) : DispatchTest(portal)
{
    private readonly SkewedClock _clock = new();

    protected override void Change(IServiceCollection services) =>
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)).Configure<DispatchOptions>(o => o.LongestRetrySeconds = 0.05);

    [Fact]
    public async Task With_a_clock_that_is_three_hours_off_the_account_stops_and_goes_on_after_a_passing_check()
    {
        var sending = await PreparedAsync("Hello", await ListAsync(100));
        _clock.Off = TimeSpan.FromHours(3);
        await StartAsync();
        await UntilAsync(async () => await OneAsync<string?>("select stopped_code from app.accounts where id = $1", Account) == "103", "the account is stopped for the clock");
        await UntilAsync(async () => await BatchesAsync(sending, "planned") == 10, "everything is planned");
        var counts = await CountsAsync(sending);
        Assert.Equal((0, 0, 0, 0), (counts.Accepted, counts.Refused, counts.InDoubt, counts.Cancelled));
        Assert.False((await Get<CheckAgain>().RunAsync(Owner, Account, Ct)).Value.Passed);

        _clock.Off = TimeSpan.Zero;
        Assert.True((await Get<CheckAgain>().RunAsync(Owner, Account, Ct)).Value.Passed);
        await UntilQuietAsync(sending);
        Assert.Equal(100, (await CountsAsync(sending)).Accepted);
        Assert.All(await LedgerNumbersAsync(), n => Assert.Equal(1, n.Value));
    }

    [Fact]
    public async Task While_the_provider_is_down_each_batch_is_tried_again_and_none_is_lost_or_in_doubt()
    {
        var sending = await PreparedAsync("Hello", await ListAsync(50));
        await StopProviderAsync();
        await StartAsync();
        // As many tries as an hour of the real delays has, a minute each in the end, and more.
        const string Open = "select count(*) from app.batches where sending_id = $1 and state in ('planned', 'claimed', 'dispatching')";
        await UntilAsync(async () => await OneAsync<int>("select min(attempts) from app.batches where sending_id = $1", sending) >= 70 || await OneAsync<long>(Open, sending) < 5,
            "every batch was tried for an hour", seconds: 180);
        Assert.Equal("", await OneAsync<string>("select coalesce(string_agg(concat_ws(' ', batch_no, state, why, attempts), ', '), '') from app.batches where sending_id = $1 and attempts < 70", sending));
        Assert.Equal(5L, await OneAsync<long>(Open, sending));
        Assert.Equal(0, (await CountsAsync(sending)).InDoubt);
        Assert.Equal("active", await OneAsync<string>("select state from app.accounts where id = $1", Account));

        await StartProviderAsync();
        await UntilQuietAsync(sending);
        Assert.Equal((50, 0, 0), (await CountsAsync(sending)) is var c ? (c.Accepted, c.Refused, c.InDoubt) : default);
        Assert.All(await LedgerNumbersAsync(), n => Assert.Equal(1, n.Value));
    }

    /// <summary>Whatever it is that the database has no room for: all that is written, or only what gives a claim back.</summary>
    [Theory]
    [InlineData("true", "true")]
    [InlineData("new.state = 'dispatching'", "new.state = 'planned'")]
    public async Task While_the_databases_disk_is_full_nothing_begins_and_nobody_is_lost_or_in_doubt(string attempts, string batches)
    {
        await PostAsync("settings", new { latencyMs = 300 });
        var sending = await PreparedAsync("Hello", await ListAsync(200));
        // Before anything runs: who adds a trigger waits for everybody, and is waited for.
        await Portal.Database.AdminAsync($"""
            create table public.no_room (since timestamptz);
            create function public.no_room() returns trigger language plpgsql security definer as 'begin
                if exists (select from public.no_room) then raise exception ''could not extend file: No space left on device'' using errcode = ''53100''; end if;
                return new;
            end';
            create trigger no_room before insert or update on app.attempts for each row when ({attempts}) execute function public.no_room();
            create trigger no_room before update on app.batches for each row when ({batches}) execute function public.no_room()
            """);
        await StartAsync();
        await UntilAsync(async () => await OneAsync<long>("select count(*) from app.attempts where sending_id = $1", sending) > 0, "requests are open");
        await Portal.Database.AdminAsync("insert into public.no_room values (now())");
        // Requests that were open are answered meanwhile.
        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.Equal(0, (await CountsAsync(sending)).InDoubt);
        await Portal.Database.AdminAsync("delete from public.no_room");
        await UntilQuietAsync(sending);
        var counts = await CountsAsync(sending);
        Assert.Equal((200, 0, 0), (counts.Accepted, counts.Refused, counts.InDoubt));
        Assert.Equal(200, (await LedgerNumbersAsync()).Count);
        Assert.All(await LedgerNumbersAsync(), n => Assert.Equal(1, n.Value));
        await AssertCountsAsync(sending);
        await StopAsync();
        await Portal.Database.AdminAsync("drop function public.no_room() cascade; drop table public.no_room");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 8)]
    [InlineData(6, 60)]
    [InlineData(500, 60)]
    public async Task The_delay_doubles_and_never_passes_a_minute(int triedBefore, int seconds)
    {
        await using var services = Portal.Build(_ => { });
        var sending = await PreparedAsync("Hello", await ListAsync(10));
        await Portal.Database.AdminAsync($"""
            with begun as (update app.batches set state = 'dispatching', attempts = {triedBefore + 1} where sending_id = '{sending}' returning tenant_id, sending_id, batch_no, attempts)
            insert into app.attempts (tenant_id, sending_id, batch_no, attempt_no, account_id, fence, key_version, timestamp, numbers, own_segments, granted_at, state, started_at)
            select tenant_id, sending_id, batch_no, attempts, '{Account}', 1, 1, '20260101000000', 10, 10, now(), 'dispatching', now() from begun
            """);
        var batch = new ClaimedBatch(sending, 0, await OneAsync<DateOnly>("select month from app.sendings where id = $1", sending), 0, 9, 0, triedBefore, false, false);
        var refused = Outcome.Of(new ProviderAnswer { Kind = AnswerKind.NotSent, NotSent = NotSentReason.ConnectionRefused }, 10);
        await services.GetRequiredService<RecordOutcome>().RunAsync(Owner.Scope, Account, batch, 10, refused, Ct);
        Assert.Equal(seconds, await OneAsync<int>("select round(extract(epoch from not_before - changed_at))::int from app.batches where sending_id = $1", sending));
        Assert.Equal(1L, await BatchesAsync(sending, "planned"));
    }

    private sealed class SkewedClock : TimeProvider
    {
        public TimeSpan Off { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Off;
    }
}
