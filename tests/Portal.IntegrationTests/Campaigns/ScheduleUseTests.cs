using Portal.Campaigns;
using Portal.Tenants;

namespace Portal.IntegrationTests.Campaigns;

/// <summary>What a person does with a schedule.</summary>
public sealed class ScheduleUseTests(PortalFixture fixture) : SchedulesRig(fixture)
{
    [Fact]
    public async Task A_draft_with_a_rule_becomes_a_schedule_once()
    {
        var owner = await Fixture.NewTenantAsync();
        var repeat = new RepeatInput("weekly 1 mon,thu 10:00", Today, Today.AddDays(60), 120);
        var draft = await RepeatingDraftAsync(owner, repeat);
        var kept = await DraftAsync(owner, draft);
        Assert.Equal(repeat, kept.Repeat);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Get<CreateSchedule>().RunAsync(owner, new(draft, kept.Version, false), None)));

        Assert.Single(answers, a => a.Ok);
        Assert.Null(await Get<CampaignDraft>().RunAsync(owner, draft, None));
        var view = await ScheduleAsync(draft, owner);
        Assert.Equal((ScheduleState.Active, repeat, Zone), (view.State, view.Repeat, view.TimeZone));
        Assert.Equal(RepeatPlan.Shown, view.Ahead.Count);
        Assert.All(view.Ahead, r => Assert.Contains(r.Run.Wall.DayOfWeek, (DayOfWeek[])[DayOfWeek.Monday, DayOfWeek.Thursday]));
        Assert.Equal(view.Ahead[0].Run.At.UtcDateTime, await ScalarAsync<DateTime>($"select next_due_at from app.schedules where id = '{draft}'"));
        Assert.Equal(["campaign_created", "schedule_created"], await AuditAsync(owner, draft));
        var line = Assert.Single(await Get<ScheduleList>().RunAsync(owner, None));
        Assert.Equal((draft, view.Rule, 0L), (line.Id, line.Rule, line.Runs));
        Assert.True(Assert.Single((await Get<TenantHome>().RunAsync(owner, None)).Next).Repeats);
    }

    [Fact]
    public async Task The_review_shows_the_next_five_runs()
    {
        var owner = await Fixture.NewTenantAsync();
        var today = Today;
        var draft = await RepeatingDraftAsync(owner, new("daily 1 10:00", today.AddDays(2), null, null));
        var review = (await Get<ReviewCampaign>().RunAsync(owner, draft, None))!;
        Assert.Equal(Enumerable.Range(2, 5).Select(d => today.AddDays(d).ToDateTime(new TimeOnly(10, 0))), review.Runs.Select(r => r.Wall));
        Assert.Equal((review.Runs[0].At, "daily 1 10:00"), (review.StartsAt, review.Repeat!.Rule));
        Assert.Empty(review.Problems);
    }

    [Fact]
    public async Task What_is_wrong_with_the_rule_or_the_rest_is_refused_at_its_field_and_the_draft_stays()
    {
        var owner = await Fixture.NewTenantAsync();
        var draft = await NewDraftAsync(owner, i => i with { Repeat = new("weekly 1  ", null, null, null) });
        var problems = (await CreateAsync(owner, draft)).Problems;
        Assert.Equal(
            ["AccountId account_missing", "ListIds lists_missing", "RepeatAt clock_missing", "RepeatFrom from_missing", "Text text_empty"],
            problems.Select(p => $"{p.Field} {p.Code}").Order(StringComparer.Ordinal));
        Assert.Equal(CampaignState.Draft, (await DraftAsync(owner, draft)).State);
    }

    [Fact]
    public async Task A_rule_with_a_field_that_people_lack_needs_the_skips_accepted()
    {
        var owner = await Fixture.NewTenantAsync();
        var draft = await RepeatingDraftAsync(owner, new(Daily, Today, null, null), "Hello {{name}}");
        var list = await NewListAsync(owner, "Named", ("8613900009999", "Li"));
        var kept = await DraftAsync(owner, draft);
        await SaveAsync(owner, Input(kept) with { ListIds = [.. kept.ListIds, list] });
        Assert.Equal("fields_missing", Code(await CreateAsync(owner, draft)));
        Assert.True((await CreateAsync(owner, draft, acceptSkips: true)).Ok);
    }

    [Fact]
    public async Task A_single_draft_makes_no_schedule_and_a_repeating_one_no_single_campaign()
    {
        var owner = await Fixture.NewTenantAsync();
        Assert.Equal("changed_elsewhere", Code(await CreateAsync(owner, await NewReadyDraftAsync(owner))));
        Assert.Equal("changed_elsewhere", Code(await ScheduleAsync(owner, await RepeatingDraftAsync(owner, new(Daily, Today, null, null)))));
    }

    [Fact]
    public async Task Paused_it_makes_nothing_and_resumed_it_goes_on_with_the_next_run_from_then_on()
    {
        var owner = await Fixture.NewTenantAsync();
        var schedule = await NewScheduleAsync(owner);
        await PassAsync(schedule, 3);
        Assert.True((await Get<PauseSchedule>().RunAsync(owner, schedule, None)).Ok);
        Assert.Equal("not_active", Code(await Get<PauseSchedule>().RunAsync(owner, schedule, None)));
        Assert.Null(await MakeAsync(owner, schedule));
        Assert.Empty((await ScheduleAsync(schedule, owner)).Ahead);

        Assert.True((await Get<ResumeSchedule>().RunAsync(owner, schedule, None)).Ok);
        Assert.Null(await MakeAsync(owner, schedule));
        Assert.Equal(0, await RunsAsync(schedule));
        Assert.Equal(["campaign_created", "schedule_created", "schedule_paused", "schedule_resumed"], await AuditAsync(owner, schedule));
        Assert.Equal("schedule_not_paused", Code(await Get<ResumeSchedule>().RunAsync(owner, schedule, None)));
    }

    [Fact]
    public async Task A_skipped_run_makes_no_campaign_and_a_skip_can_be_taken_back()
    {
        var owner = await Fixture.NewTenantAsync();
        var schedule = await NewScheduleAsync(owner);
        var (first, second) = ((await ScheduleAsync(schedule, owner)).Ahead[0].Run.Wall, (await ScheduleAsync(schedule, owner)).Ahead[1].Run.Wall);

        Assert.True((await SkipAsync(owner, schedule, first)).Ok);
        var ahead = (await ScheduleAsync(schedule, owner)).Ahead;
        Assert.Equal([(first, true), (second, false)], ahead.Take(2).Select(r => (r.Run.Wall, r.Skipped)));
        Assert.Equal(RepeatPlan.Shown + 1, ahead.Count);
        Assert.Equal(second, await ScalarAsync<DateTime>($"select next_occurrence from app.schedules where id = '{schedule}'"));
        Assert.Equal("run_gone", Code(await SkipAsync(owner, schedule, first)));

        Assert.True((await SkipAsync(owner, schedule, second)).Ok);
        Assert.True((await SkipAsync(owner, schedule, first, skip: false)).Ok);
        Assert.Equal([(first, false), (second, true)], (await ScheduleAsync(schedule, owner)).Ahead.Take(2).Select(r => (r.Run.Wall, r.Skipped)));
        Assert.Equal(first, await ScalarAsync<DateTime>($"select next_occurrence from app.schedules where id = '{schedule}'"));

        // Both days pass: the first has its campaign, the second has none.
        await SqlAsync($"update app.schedules set skipped = array[skipped[1] - interval '2 days'] where id = '{schedule}'");
        await PassAsync(schedule, 2);
        Assert.NotNull(await MakeAsync(owner, schedule));
        Assert.Equal(first.AddDays(-2), await ScalarAsync<DateTime>($"select occurrence from app.campaigns where schedule_id = '{schedule}'"));
        Assert.Equal(0, await ScalarAsync<int>($"select cardinality(skipped) from app.schedules where id = '{schedule}' and next_due_at > now()") - 1);
        Assert.Equal("run_gone", Code(await SkipAsync(owner, schedule, first.AddDays(-1), skip: false)));
    }

    [Fact]
    public async Task The_last_run_cannot_be_skipped_and_what_is_no_run_neither()
    {
        var owner = await Fixture.NewTenantAsync();
        var schedule = await NewScheduleAsync(owner, until: NextDay);
        var last = Assert.Single((await ScheduleAsync(schedule, owner)).Ahead).Run.Wall;
        Assert.Equal("last_run", Code(await SkipAsync(owner, schedule, last)));
        Assert.Equal("run_gone", Code(await SkipAsync(owner, schedule, last.AddHours(1))));
    }

    [Fact]
    public async Task Ended_it_stays_ended()
    {
        var owner = await Fixture.NewTenantAsync();
        var schedule = await NewScheduleAsync(owner);
        Assert.True((await Get<EndSchedule>().RunAsync(owner, schedule, None)).Ok);
        await PassAsync(schedule, 1);
        Assert.Null(await MakeAsync(owner, schedule));
        Assert.Equal("schedule_over", Code(await Get<EndSchedule>().RunAsync(owner, schedule, None)));
        Assert.Equal("schedule_not_paused", Code(await Get<ResumeSchedule>().RunAsync(owner, schedule, None)));
        Assert.Equal("schedule_over", Code(await ChangeAsync(owner, schedule, i => i)));
    }

    [Fact]
    public async Task Changed_it_runs_by_the_new_rule_with_the_new_text()
    {
        var owner = await Fixture.NewTenantAsync();
        var schedule = await NewScheduleAsync(owner);
        var old = await ScheduleAsync(schedule, owner);
        Assert.True((await ChangeAsync(owner, schedule, i => i with { Text = "Another text.", Repeat = new("monthly 1 31 last 08:00", Today, null, 30) })).Ok);
        var view = await ScheduleAsync(schedule, owner);
        Assert.Equal((new MonthlyRule(1, 31, ShortMonth.Last, new(8, 0)), "Another text.", 30), (view.Rule, view.Text, view.Repeat.Within));
        Assert.Equal(view.Ahead[0].Run.At.UtcDateTime, await ScalarAsync<DateTime>($"select next_due_at from app.schedules where id = '{schedule}'"));

        Assert.Equal("changed_elsewhere", Code(await ChangeAsync(owner, schedule, i => i with { ChangedAt = old.ChangedAt })));
        var problems = (await ChangeAsync(owner, schedule, i => i with { Name = " ", Text = "Hello {{name", Repeat = i.Repeat with { Rule = "cron x" } })).Problems;
        Assert.Equal(["Name name_empty", "RepeatCron cron_bad", "Text template_unclosed"], problems.Select(p => $"{p.Field} {p.Code}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_schedule_is_nobodys_but_its_tenants_and_a_viewer_changes_nothing()
    {
        var (owner, stranger) = (await Fixture.NewTenantAsync(), await Fixture.NewTenantAsync());
        var schedule = await NewScheduleAsync(owner);
        await PassAsync(schedule, 1);
        Assert.Null(await Get<SchedulePage>().RunAsync(stranger, schedule, None));
        Assert.Empty(await Get<ScheduleList>().RunAsync(stranger, None));
        Assert.Null(await MakeAsync(stranger, schedule));
        Assert.Equal("schedule_gone", Code(await Get<PauseSchedule>().RunAsync(stranger, schedule, None)));
        Assert.Equal("schedule_gone", Code(await Get<ResumeSchedule>().RunAsync(stranger, schedule, None)));
        Assert.Equal("schedule_gone", Code(await Get<EndSchedule>().RunAsync(stranger, schedule, None)));
        Assert.Equal("schedule_gone", Code(await SkipAsync(stranger, schedule, Today.ToDateTime(TimeOnly.MinValue))));
        var draft = await RepeatingDraftAsync(owner, new(Daily, Today, null, null));
        Assert.Equal("campaign_gone", Code(await Get<CreateSchedule>().RunAsync(stranger, new(draft, 1, false), None)));

        var viewer = owner with { Role = MemberRole.Viewer };
        Assert.NotNull(await Get<SchedulePage>().RunAsync(viewer, schedule, None));
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<PauseSchedule>().RunAsync(viewer, schedule, None));
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<CreateSchedule>().RunAsync(viewer, new(draft, 1, false), None));
        await Assert.ThrowsAsync<NotAllowedException>(() => SkipAsync(viewer, schedule, default));
    }

    private Task<Result<Guid>> SkipAsync(Member member, Guid schedule, DateTime wall, bool skip = true) => Get<SkipRun>().RunAsync(member, new(schedule, wall, skip), None);

    private async Task<Result<Guid>> ChangeAsync(Member member, Guid schedule, Func<ChangeScheduleInput, ChangeScheduleInput> change)
    {
        var view = await ScheduleAsync(schedule, member);
        return await Get<ChangeSchedule>().RunAsync(
            member, change(new(schedule, view.ChangedAt, view.Name, view.ListIds, view.AccountId, view.Text, view.Repeat, false)), None);
    }
}
