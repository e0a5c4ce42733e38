using Portal.Campaigns;
using Portal.Tenants;

namespace Portal.IntegrationTests.Campaigns;

/// <summary>Missed while we were down: send now, another time, or not at all.</summary>
public sealed class MissedTests(PortalFixture fixture) : SchedulesRig(fixture)
{
    [Fact]
    public async Task Sent_now_it_starts_after_the_undo_window_however_late_it_is()
    {
        var owner = await Fixture.NewTenantAsync();
        await SqlAsync($"update app.tenant_settings set undo_seconds = 1 where tenant_id = '{owner.TenantId}'");
        var id = await NewMissedAsync(owner);
        Assert.Equal(id, Assert.Single(await Get<MissedCampaigns>().RunAsync(owner, None)).Id);

        var dueAt = (await Get<SendMissed>().RunAsync(owner, id, None)).Value;

        Assert.Equal((id, dueAt), Waker.Scheduled[^1]);
        Assert.Empty(await Get<MissedCampaigns>().RunAsync(owner, None));
        var view = await PageAsync(owner, id);
        Assert.Equal((CampaignStatus.Scheduled, null, false), (view.Line.Status, view.NotAfter, view.Planned));
        Assert.Equal(StartOutcome.Started, await StartAsync(owner, id));
        Assert.Single(await AuditAsync(owner, id), "campaign_sent_late");
        Assert.Equal("not_missed", Code(await Get<SendMissed>().RunAsync(owner, id, None)));
    }

    [Fact]
    public async Task Many_clicks_send_it_once()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewMissedAsync(owner);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Get<SendMissed>().RunAsync(owner, id, None)));
        Assert.Single(answers, a => a.Ok);
        Assert.Single(await AuditAsync(owner, id), "campaign_sent_late");
    }

    [Fact]
    public async Task Another_time_is_read_in_its_zone_and_it_may_be_late_by_as_much_as_before()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewMissedAsync(owner);
        var wall = Today.AddDays(3).ToDateTime(new TimeOnly(10, 0));
        Assert.Equal("time_past", Code(await Get<MoveMissed>().RunAsync(owner, new(id, wall.AddDays(-4)), None)));

        var dueAt = (await Get<MoveMissed>().RunAsync(owner, new(id, wall), None)).Value;

        Assert.Equal(new DateTimeOffset(wall, TimeSpan.FromHours(8)), dueAt);
        var view = await PageAsync(owner, id);
        Assert.Equal((CampaignStatus.Scheduled, true), (view.Line.Status, view.Planned));
        Assert.Equal(TimeSpan.FromHours(1), TimeSpan.FromMinutes(Math.Round((view.NotAfter!.Value - dueAt).TotalMinutes)));
        Assert.Single(await AuditAsync(owner, id), "campaign_moved");
    }

    [Fact]
    public async Task Not_sent_it_is_cancelled_and_told()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewMissedAsync(owner);
        Assert.True((await Get<CancelCampaign>().RunAsync(owner, id, None)).Ok);
        Assert.Empty(await Get<MissedCampaigns>().RunAsync(owner, None));
        Assert.Equal(CampaignStatus.Cancelled, (await PageAsync(owner, id)).Line.Status);
    }

    [Fact]
    public async Task What_kept_it_from_starting_keeps_it_still()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewMissedAsync(owner);
        await SqlAsync($"update app.accounts set state = 'disabled' where tenant_id = '{owner.TenantId}'");
        var problem = Assert.Single((await Get<SendMissed>().RunAsync(owner, id, None)).Problems);
        Assert.Equal(("AccountId", "account_disabled"), (problem.Field, problem.Code));
        Assert.Single(await Get<MissedCampaigns>().RunAsync(owner, None));
        await SqlAsync($"update app.accounts set state = 'active' where tenant_id = '{owner.TenantId}'");
        Assert.True((await Get<SendMissed>().RunAsync(owner, id, None)).Ok);
    }

    [Fact]
    public async Task A_single_campaign_whose_list_is_gone_is_asked_about_and_not_sent_to_nobody()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewReadyDraftAsync(owner);
        Assert.Empty((await ScheduleAsync(owner, id)).Problems);
        await SqlAsync($"delete from app.lists where tenant_id = '{owner.TenantId}'");
        Assert.Equal(StartOutcome.Missed, await StartAsync(owner, id));
        Assert.Equal("list_gone", (await PageAsync(owner, id)).MissedWhy);
        Assert.Equal("list_gone", Code(await Get<SendMissed>().RunAsync(owner, id, None)));
    }

    [Fact]
    public async Task Only_a_sender_of_its_tenant_answers()
    {
        var (owner, stranger) = (await Fixture.NewTenantAsync(), await Fixture.NewTenantAsync());
        var id = await NewMissedAsync(owner);
        Assert.Equal("campaign_gone", Code(await Get<SendMissed>().RunAsync(stranger, id, None)));
        Assert.Equal("campaign_gone", Code(await Get<MoveMissed>().RunAsync(stranger, new(id, Today.AddDays(9).ToDateTime(TimeOnly.MinValue)), None)));
        Assert.Empty(await Get<MissedCampaigns>().RunAsync(stranger, None));
        var viewer = owner with { Role = MemberRole.Viewer };
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<SendMissed>().RunAsync(viewer, id, None));
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<MoveMissed>().RunAsync(viewer, new(id, default), None));
    }
}
