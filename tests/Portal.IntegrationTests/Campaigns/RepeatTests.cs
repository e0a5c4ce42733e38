using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Portal.Campaigns;
using Portal.Data;
using Portal.Dispatch;
using Portal.Live;
using Portal.Tenants;

namespace Portal.IntegrationTests.Campaigns;

/// <summary>Each run of a schedule is one campaign, made exactly once, and nothing is sent in a burst.</summary>
public sealed class RepeatTests(PortalFixture fixture) : SchedulesRig(fixture)
{
    [Fact]
    public async Task A_due_run_becomes_a_campaign_of_its_own_with_a_wake_up_and_starts()
    {
        var owner = await Fixture.NewTenantAsync();
        var schedule = await NewScheduleAsync(owner, within: 600);
        Assert.Null(await MakeAsync(owner, schedule));
        await PassAsync(schedule, 1);

        var campaign = Assert.NotNull(await MakeAsync(owner, schedule));

        var view = await PageAsync(owner, campaign);
        Assert.Equal((schedule, "Winter tasting", CampaignStatus.Scheduled), (view.ScheduleId, view.ScheduleName, view.Line.Status));
        Assert.Equal(TimeSpan.FromMinutes(600), view.NotAfter - view.DueAt);
        Assert.Equal((campaign, view.DueAt!.Value), Assert.Single(Waker.Scheduled));
        Assert.Equal(["campaign_made"], await AuditAsync(owner, campaign));
        Assert.Equal(StartOutcome.Started, await StartAsync(owner, campaign));
        var page = await ScheduleAsync(schedule, owner);
        Assert.Equal((campaign, CampaignStatus.Running), (page.Runs[0].Id, page.Runs[0].Status));
        Assert.Null(await MakeAsync(owner, schedule));
    }

    [Fact]
    public async Task A_run_is_made_shortly_before_its_time_and_not_earlier()
    {
        var owner = await Fixture.NewTenantAsync();
        // A minute that is about to come, whatever the seconds are.
        var soon = TimeProvider.System.GetUtcNow().AddSeconds(75);
        var schedule = await NewScheduleAsync(owner, "daily 1 " + Here(soon).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture));
        await UntilAsync(async () => await MakeAsync(owner, schedule) is not null);
        Assert.True(await ScalarAsync<bool>($"select due_at - created_at between interval '0' and interval '61 seconds' from app.campaigns where schedule_id = '{schedule}'"));
    }

    [Fact]
    public async Task Three_starters_at_once_make_each_run_once()
    {
        var owner = await Fixture.NewTenantAsync();
        var schedule = await NewScheduleAsync(owner);
        for (var run = 1; run <= 5; run++)
        {
            await PassAsync(schedule, 2);
            var made = await Task.WhenAll(Enumerable.Range(0, 3).SelectMany(_ => Enumerable.Range(0, 4)).Select(_ => Task.Run(() => MakeAsync(owner, schedule))));
            Assert.Single(made, c => c is not null);
            Assert.Equal(run, await RunsAsync(schedule));
            // The next round is about days that have no campaign yet.
            await SqlAsync($"update app.campaigns set occurrence = occurrence - interval '{100 * run} days' where schedule_id = '{schedule}' and occurrence > now() - interval '10 days'");
        }
    }

    [Fact]
    public async Task A_starter_that_dies_in_between_leaves_nothing_and_the_next_makes_the_run()
    {
        var owner = await Fixture.NewTenantAsync();
        var schedule = await NewScheduleAsync(owner);
        await PassAsync(schedule, 1);
        await SqlAsync($"""
            create function app.die() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$;
            create trigger die before update on app.schedules for each row when (old.id = '{schedule}') execute function app.die();
            """);
        await Assert.ThrowsAnyAsync<Exception>(() => MakeAsync(owner, schedule));
        Assert.Equal(0, await RunsAsync(schedule));
        await SqlAsync("drop trigger die on app.schedules; drop function app.die()");

        // And one that dies right after the commit, before the wake-up: the sweep starts the campaign.
        Waker.Fails = true;
        var campaign = Assert.NotNull(await MakeAsync(owner, schedule));
        Assert.Equal(StartOutcome.Started, await StartAsync(owner, campaign));
        Assert.Equal(1, await RunsAsync(schedule));
    }

    [Fact]
    public async Task A_run_that_has_its_campaign_is_not_made_again_though_the_row_says_so()
    {
        var owner = await Fixture.NewTenantAsync();
        var schedule = await NewScheduleAsync(owner);
        await PassAsync(schedule, 1);
        Assert.NotNull(await MakeAsync(owner, schedule));
        await PassAsync(schedule, 1);
        Assert.Null(await MakeAsync(owner, schedule));
        Assert.Equal(1, await RunsAsync(schedule));
        Assert.True(await ScalarAsync<bool>($"select next_due_at > now() from app.schedules where id = '{schedule}'"));
        // The index behind it refuses a second one, whoever tries.
        var e = await Assert.ThrowsAsync<PostgresException>(() => SqlAsync($"""
            insert into app.campaigns (tenant_id, id, name, state, list_ids, text, time_zone, created_by, created_by_name, created_at, changed_at, schedule_id, occurrence)
            select tenant_id, gen_random_uuid(), name, 'draft', list_ids, text, time_zone, created_by, created_by_name, created_at, changed_at, schedule_id, occurrence
            from app.campaigns where schedule_id = '{schedule}'
            """));
        Assert.Equal("23505", e.SqlState);
    }

    [Fact]
    public async Task Of_several_missed_runs_only_the_latest_becomes_a_campaign_and_the_others_are_told()
    {
        var owner = await Fixture.NewTenantAsync();
        var schedule = await NewScheduleAsync(owner, within: 60);
        await PassAsync(schedule, 4);

        var campaign = Assert.NotNull(await MakeAsync(owner, schedule));

        Assert.Equal(1, await RunsAsync(schedule));
        var missed = Assert.Single((await ScheduleAsync(schedule, owner)).Timeline, h => h.Word == "schedule_missed");
        Assert.Equal("3", missed.Details[0]);
        Assert.True(string.CompareOrdinal(missed.Details[1], missed.Details[2]) < 0);
        // Three hours late and to be started within one: it is asked about and not sent.
        Assert.Equal(StartOutcome.Missed, await StartAsync(owner, campaign));
        Assert.Equal("too_late", Assert.Single(await Get<MissedCampaigns>().RunAsync(owner, None)).Why);
        Assert.Equal(0, await ScalarAsync<long>($"select count(*) from app.sendings where tenant_id = '{owner.TenantId}'"));
        Assert.Null(await MakeAsync(owner, schedule));
    }

    [Fact]
    public async Task The_sweep_makes_and_starts_runs_of_two_tenants_though_hangfires_schema_is_missing_and_one_schedule_fails()
    {
        await SqlAsync("drop schema if exists hangfire cascade");
        var (one, other) = (await Fixture.NewTenantAsync(), await Fixture.NewTenantAsync());
        Guid[] schedules = [await NewScheduleAsync(one), await NewScheduleAsync(other), await NewScheduleAsync(one)];
        foreach (var schedule in schedules)
            await PassAsync(schedule, 1);
        await SqlAsync($"update app.schedules set time_zone = 'Mars/Olympus', next_due_at = next_due_at - interval '1 day' where id = '{schedules[2]}'");
        var sweeps = Enumerable.Range(0, 3).Select(_ => Fixture.Build(s =>
        {
            s.AddLive().AddDispatch().AddCampaigns().AddCampaignSweep();
            s.PostConfigure<CampaignOptions>(o => o.SweepSeconds = 1);
        })).ToList();
        var running = sweeps.Select(s => s.GetServices<IHostedService>().OfType<CampaignSweep>().Single()).ToList();
        await Task.WhenAll(running.Select(r => r.StartAsync(None)));

        await UntilAsync(async () => (await ScheduleAsync(schedules[0], one)).Runs is [{ Status: CampaignStatus.Running }]);
        await UntilAsync(async () => (await ScheduleAsync(schedules[1], other)).Runs is [{ Status: CampaignStatus.Running }]);

        await Task.WhenAll(running.Select(r => r.StopAsync(None)));
        foreach (var services in sweeps)
            await services.DisposeAsync();
        Assert.Equal((1L, 1L, 0L), (await RunsAsync(schedules[0]), await RunsAsync(schedules[1]), await RunsAsync(schedules[2])));
    }

    [Fact]
    public async Task Due_schedules_of_every_active_tenant_are_found()
    {
        var tenants = new[] { await Fixture.NewTenantAsync(), await Fixture.NewTenantAsync(), await Fixture.NewTenantAsync() };
        var due = new List<Guid>();
        foreach (var tenant in tenants)
        {
            due.Add(await NewScheduleAsync(tenant));
            await PassAsync(due[^1], 1);
            await NewScheduleAsync(tenant);
        }
        await SqlAsync($"update ident.tenants set state = 'suspended' where id = '{tenants[2].TenantId}'");
        await using var command = Get<Databases>()[DatabaseRole.Dispatch].CreateCommand("select tenant_id, schedule_id from infra.due_schedules(1000)");
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<(Guid, Guid)>();
        while (await reader.ReadAsync())
            found.Add((reader.GetGuid(0), reader.GetGuid(1)));
        Assert.Equal([(tenants[0].TenantId, due[0]), (tenants[1].TenantId, due[1])], found.Where(f => tenants.Any(t => t.TenantId == f.Item1)));
    }

    [Fact]
    public async Task Nothing_is_made_after_the_last_day()
    {
        var owner = await Fixture.NewTenantAsync();
        var schedule = await NewScheduleAsync(owner, until: NextDay);
        await PassAsync(schedule, 1);
        Assert.NotNull(await MakeAsync(owner, schedule));
        Assert.Equal(ScheduleState.Active, (await ScheduleAsync(schedule, owner)).State);
        // As if the last day were the one whose run has been made.
        await SqlAsync($"update app.schedules set ends_on = ends_on - 1, next_occurrence = next_occurrence - interval '1 day', next_due_at = next_due_at - interval '1 day' where id = '{schedule}'");
        Assert.Null(await MakeAsync(owner, schedule));
        var view = await ScheduleAsync(schedule, owner);
        Assert.Equal((ScheduleState.Ended, 1), (view.State, view.Runs.Count));
        Assert.Empty(view.Ahead);
        Assert.Contains("schedule_over", await AuditAsync(owner, schedule));
    }

    [Theory]
    [InlineData("update app.accounts set state = 'disabled' where id = '{0}'", "account_disabled")]
    [InlineData("delete from app.accounts where id = '{0}'", "account_missing")]
    [InlineData("delete from app.lists where tenant_id = '{1}'", "list_gone")]
    public async Task A_run_that_cannot_start_is_a_campaign_that_says_why(string fault, string why)
    {
        var owner = await Fixture.NewTenantAsync();
        var schedule = await NewScheduleAsync(owner);
        await PassAsync(schedule, 1);
        await SqlAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, fault, (await ScheduleAsync(schedule, owner)).AccountId, owner.TenantId));
        var campaign = Assert.NotNull(await MakeAsync(owner, schedule));

        Assert.Equal(StartOutcome.Missed, await StartAsync(owner, campaign));

        var view = await PageAsync(owner, campaign);
        Assert.Equal((CampaignStatus.Missed, why), (view.Line.Status, view.MissedWhy));
        Assert.Equal(why, Assert.Single((await Get<TenantHome>().RunAsync(owner, None)).Missed).Why);
        Assert.Equal(why, Assert.Single(view.Timeline, h => h.Word == "campaign_missed").Details[1]);
        Assert.Equal(0, await ScalarAsync<long>($"select count(*) from app.sendings where tenant_id = '{owner.TenantId}'"));
    }
}
