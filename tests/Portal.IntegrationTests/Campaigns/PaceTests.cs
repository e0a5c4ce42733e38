using Portal.Campaigns;
using Portal.Dispatch;

namespace Portal.IntegrationTests.Campaigns;

/// <summary>From what was chosen in the wizard to what the sending keeps to.</summary>
public sealed class PaceTests(PortalFixture fixture) : CampaignsRig(fixture)
{
    [Fact]
    public async Task What_was_chosen_is_kept_with_the_draft_and_copied()
    {
        var owner = await Fixture.NewTenantAsync();
        var pace = new CampaignPace(180, null, new SendingCanary(50, 90, 10));
        var id = await NewDraftAsync(owner, i => i with { Pace = pace });
        Assert.Equal(pace, (await DraftAsync(owner, id)).Pace);
        var copy = await Get<DuplicateCampaign>().RunAsync(owner, id, None);
        Assert.Equal(pace, (await DraftAsync(owner, copy.Value)).Pace);
    }

    [Fact]
    public async Task A_campaign_that_is_spread_ends_so_long_after_it_really_started()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await StartedAsync(owner, new CampaignPace(180, null, null));
        Assert.Equal(180, await ScalarAsync<int>($"select round(extract(epoch from spread_until - not_before) / 60)::int from app.sendings s join app.campaigns c on c.sending_id = s.id where c.id = '{id}'"));
        var view = await PageAsync(owner, id);
        Assert.Equal(180, Math.Round((view.SpreadUntil - view.StartedAt)!.Value.TotalMinutes));
        // Its requests are few and far between: when it is done is what was planned.
        Assert.Equal((0.0, view.SpreadUntil), (view.Speed!.Requests, view.Speed.DoneAt));
        Assert.Equal(view.SpreadUntil, Assert.Single((await Get<TenantHome>().RunAsync(owner, None)).Going).Pace!.DoneAt);
        await RequestsAsync(id, 9);
        Assert.Equal(view.SpreadUntil, (await PageAsync(owner, id)).Speed!.DoneAt);

        // The account does what it can, and that is too little.
        await SqlAsync($"update app.sendings set spread_until = now() + interval '1 second' where id = '{view.SendingId}'");
        await RequestsAsync(id, 10);
        var late = await PageAsync(owner, id);
        Assert.True(late.Speed!.DoneAt > late.SpreadUntil);
    }

    [Fact]
    public async Task A_campaign_that_shall_be_done_by_a_time_is_spread_until_then()
    {
        var owner = await Fixture.NewTenantAsync();
        var end = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow().AddHours(5), TimeZoneInfo.FindSystemTimeZoneById(Zone)).DateTime;
        end = end.AddTicks(-(end.Ticks % TimeSpan.TicksPerMinute));
        var id = await StartedAsync(owner, new CampaignPace(null, end, new SendingCanary(2, 80, 15)));
        var view = await PageAsync(owner, id);
        Assert.Equal(TimeZoneInfo.ConvertTimeToUtc(end, TimeZoneInfo.FindSystemTimeZoneById(Zone)), view.SpreadUntil!.Value.UtcDateTime);
        Assert.Equal((new SendingCanary(2, 80, 15), false, false), (view.Canary, view.CanaryPassed, view.PausedByCanary));
    }

    [Fact]
    public async Task The_review_reckons_with_the_pace_and_says_when_it_cannot_be_held()
    {
        var owner = await Fixture.NewTenantAsync();
        var list = await NewListAsync(owner, "Members", 300);
        var account = await NewAccountAsync(owner, rate: 1, batchSize: 1);
        var id = await NewDraftAsync(owner, i => i with { ListIds = [list], AccountId = account, Text = "Hi", Pace = new CampaignPace(60, null, null) });
        var slow = (await Get<ReviewCampaign>().RunAsync(owner, id, None))!;
        Assert.Equal((60, null), (Math.Round((slow.HandedOverAt - slow.StartsAt).TotalMinutes), slow.TooSlowFor));

        await SaveAsync(owner, Input(await DraftAsync(owner, id)) with { Pace = new CampaignPace(2, null, null) });
        var fast = (await Get<ReviewCampaign>().RunAsync(owner, id, None))!;
        Assert.Equal((5, 2), (Math.Round((fast.HandedOverAt - fast.StartsAt).TotalMinutes), Math.Round((fast.TooSlowFor - fast.StartsAt)!.Value.TotalMinutes)));
    }

    [Fact]
    public async Task An_end_before_the_start_is_not_scheduled()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewReadyDraftAsync(owner);
        await SaveAsync(owner, Input(await DraftAsync(owner, id)) with { Pace = new CampaignPace(null, new DateTime(2020, 1, 1, 9, 0, 0, DateTimeKind.Unspecified), null) });
        var refused = await ScheduleAsync(owner, id);
        Assert.Equal(("FinishBy", "finish_early"), (refused.Problems[0].Field, refused.Problems[0].Code));
    }

    /// <summary>As if so many requests of it had begun just now.</summary>
    private Task RequestsAsync(Guid id, int requests) => SqlAsync($"""
        delete from app.attempts where sending_id = (select sending_id from app.campaigns where id = '{id}');
        insert into app.attempts (tenant_id, sending_id, batch_no, attempt_no, account_id, fence, key_version, timestamp, numbers, own_segments, granted_at, state, started_at, ended_at)
        select s.tenant_id, s.id, n, 1, s.account_id, 1, 1, '20261122164200', 1, 1, now(), 'accepted', now(), now() from app.sendings s, generate_series(1, {requests}) n
        where s.id = (select sending_id from app.campaigns where id = '{id}')
        """);

    private async Task<Guid> StartedAsync(Portal.Tenants.Member owner, CampaignPace pace)
    {
        var id = await NewReadyDraftAsync(owner);
        await SaveAsync(owner, Input(await DraftAsync(owner, id)) with { Pace = pace });
        Assert.Empty((await ScheduleAsync(owner, id)).Problems);
        Assert.Equal(StartOutcome.Started, await StartAsync(owner, id));
        return id;
    }
}
