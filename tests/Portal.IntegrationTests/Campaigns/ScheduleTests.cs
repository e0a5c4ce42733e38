using Portal.Campaigns;
using Portal.Tenants;

namespace Portal.IntegrationTests.Campaigns;

public sealed class ScheduleTests(PortalFixture fixture) : CampaignsRig(fixture)
{
    [Fact]
    public async Task A_draft_that_is_sent_now_is_due_at_the_end_of_the_undo_window_and_has_a_wake_up()
    {
        var owner = await Fixture.NewTenantAsync();
        await SqlAsync($"update app.tenant_settings set undo_seconds = 30 where tenant_id = '{owner.TenantId}'");
        var id = await NewReadyDraftAsync(owner);

        var scheduled = (await ScheduleAsync(owner, id)).Value;

        Assert.InRange(scheduled.DueAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(31));
        Assert.Equal((id, scheduled.DueAt), Assert.Single(Waker.Scheduled));
        Assert.Equal("job-1", await ScalarAsync<string>($"select wake_job from app.campaigns where id = '{id}'"));
        Assert.Equal(["campaign_created", "campaign_scheduled"], await AuditAsync(owner, id));
        Assert.Equal(CampaignStatus.Scheduled, (await PageAsync(owner, id)).Line.Status);
    }

    [Fact]
    public async Task A_queue_that_fails_keeps_nobody_from_scheduling()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewReadyDraftAsync(owner);
        Waker.Fails = true;
        Assert.True((await ScheduleAsync(owner, id)).Ok);
        Assert.Equal(StartOutcome.Started, await StartAsync(owner, id));
    }

    [Fact]
    public async Task Twenty_clicks_at_once_schedule_once()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewReadyDraftAsync(owner);
        var version = (await DraftAsync(owner, id)).Version;
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Get<ScheduleCampaign>().RunAsync(owner, new(id, version, false), None)));
        Assert.Single(answers, a => a.Ok);
        Assert.Single(await AuditAsync(owner, id), "campaign_scheduled");
    }

    [Fact]
    public async Task A_planned_time_is_read_in_its_zone()
    {
        var owner = await Fixture.NewTenantAsync();
        var wall = TimeProvider.System.GetUtcNow().Date.AddDays(3).AddHours(10);
        var id = await PlannedAsync(owner, wall, "Asia/Shanghai");
        Assert.Equal(new DateTimeOffset(wall, TimeSpan.FromHours(8)), (await ScheduleAsync(owner, id)).Value.DueAt);
    }

    [Fact]
    public async Task A_time_in_the_past_is_refused_at_its_field()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await PlannedAsync(owner, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(8).AddMinutes(-2), "Asia/Shanghai");
        var problem = Assert.Single((await ScheduleAsync(owner, id)).Problems);
        Assert.Equal(("PlannedAt", "time_past"), (problem.Field, problem.Code));
        Assert.Equal(CampaignState.Draft, (await DraftAsync(owner, id)).State);
    }

    [Fact]
    public async Task A_time_that_the_clock_jumps_over_is_refused_with_the_next_that_exists()
    {
        var owner = await Fixture.NewTenantAsync();
        var day = LastSunday(TimeProvider.System.GetUtcNow().Year + 1, 3);
        var id = await PlannedAsync(owner, day.AddHours(2).AddMinutes(30), "Europe/Berlin");
        var problem = Assert.Single((await ScheduleAsync(owner, id)).Problems);
        Assert.Equal(("PlannedAt", "time_gap"), (problem.Field, problem.Code));
        Assert.Equal(day.AddHours(3), problem.Values[0]);
    }

    [Fact]
    public async Task Of_a_time_that_comes_twice_the_first_is_taken_and_said()
    {
        var owner = await Fixture.NewTenantAsync();
        var day = LastSunday(TimeProvider.System.GetUtcNow().Year + 1, 10);
        var id = await PlannedAsync(owner, day.AddHours(2).AddMinutes(30), "Europe/Berlin");
        var scheduled = (await ScheduleAsync(owner, id)).Value;
        Assert.True(scheduled.TimeRepeats);
        Assert.Equal(new DateTimeOffset(day.AddMinutes(30), TimeSpan.Zero), scheduled.DueAt);
    }

    [Fact]
    public async Task A_last_time_before_the_start_is_refused()
    {
        var owner = await Fixture.NewTenantAsync();
        var wall = TimeProvider.System.GetUtcNow().Date.AddDays(3).AddHours(10);
        var id = await PlannedAsync(owner, wall, Zone, notAfter: wall.AddMinutes(-1));
        Assert.Contains((await ScheduleAsync(owner, id)).Problems, p => p is { Field: "NotAfter", Code: "not_after_early" });
    }

    [Theory]
    [InlineData("verification", "active", "account_kind")]
    [InlineData("both", "stopped", "account_stopped")]
    [InlineData("marketing", "disabled", "account_disabled")]
    public async Task An_account_that_cannot_send_is_refused(string kind, string state, string code)
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await ReadyAsync(owner, await NewListAsync(owner, "Members", 2), await NewAccountAsync(owner, kind: kind, state: state));
        var problem = Assert.Single((await ScheduleAsync(owner, id)).Problems);
        Assert.Equal(("AccountId", code), (problem.Field, problem.Code));
    }

    [Fact]
    public async Task An_empty_draft_is_refused_at_every_field_that_lacks_something()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewDraftAsync(owner);
        var problems = (await ScheduleAsync(owner, id)).Problems;
        Assert.Equal(["account_missing", "lists_missing", "text_empty"], problems.Select(p => p.Code).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Lists_without_people_and_people_who_are_all_suppressed_are_refused()
    {
        var owner = await Fixture.NewTenantAsync();
        var account = await NewAccountAsync(owner);
        var empty = await ReadyAsync(owner, await NewListAsync(owner, "Nobody"), account);
        Assert.Equal("lists_empty", Assert.Single((await ScheduleAsync(owner, empty)).Problems).Code);

        var list = await NewListAsync(owner, "One", ("8613900000001", null));
        await SuppressAsync(owner, "8613900000001");
        var silent = await ReadyAsync(owner, list, account);
        Assert.Equal("nobody_left", Assert.Single((await ScheduleAsync(owner, silent)).Problems).Code);
    }

    [Fact]
    public async Task A_mistake_in_the_text_is_refused_with_its_place()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await ReadyAsync(owner, await NewListAsync(owner, "Members", 2), await NewAccountAsync(owner), "Hello {{name, come");
        var problem = Assert.Single((await ScheduleAsync(owner, id)).Problems);
        Assert.Equal(("Text", "template_unclosed"), (problem.Field, problem.Code));
    }

    [Fact]
    public async Task People_without_a_field_are_skipped_only_when_the_person_accepts_it()
    {
        var owner = await Fixture.NewTenantAsync();
        var list = await NewListAsync(owner, "Members", ("8613900000001", "Li"), ("8613900000002", null));
        var id = await ReadyAsync(owner, list, await NewAccountAsync(owner), "Hello {{name}}");
        var problem = Assert.Single((await ScheduleAsync(owner, id)).Problems);
        Assert.Equal(("AcceptSkips", "fields_missing"), (problem.Field, problem.Code));
        Assert.True((await ScheduleAsync(owner, id, acceptSkips: true)).Ok);
    }

    [Fact]
    public async Task What_somebody_else_changed_meanwhile_is_not_scheduled()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewReadyDraftAsync(owner);
        var seen = await DraftAsync(owner, id);
        await SaveAsync(owner, Input(seen) with { Text = "Another text." });
        var answer = await Get<ScheduleCampaign>().RunAsync(owner, new(id, seen.Version, false), None);
        Assert.Equal("changed_elsewhere", Assert.Single(answer.Problems).Code);
    }

    [Fact]
    public async Task A_viewer_schedules_nothing()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewReadyDraftAsync(owner);
        await Assert.ThrowsAsync<NotAllowedException>(() => ScheduleAsync(owner with { Role = MemberRole.Viewer }, id));
    }

    private async Task<Guid> PlannedAsync(Member owner, DateTime wall, string zone, DateTime? notAfter = null)
    {
        var (list, account) = (await NewListAsync(owner, "Members", 2), await NewAccountAsync(owner));
        return await NewDraftAsync(owner, i => i with { ListIds = [list], AccountId = account, Text = "Tasting.", PlannedAt = wall, TimeZone = zone, NotAfter = notAfter });
    }

    private static DateTime LastSunday(int year, int month)
    {
        var day = new DateTime(year, month, DateTime.DaysInMonth(year, month), 0, 0, 0, DateTimeKind.Unspecified);
        return day.AddDays(-(int)day.DayOfWeek);
    }
}
