using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Campaigns;
using Portal.Dispatch;
using Portal.Live;
using Portal.Tenants;

namespace Portal.IntegrationTests.Campaigns;

public sealed class StartTests(PortalFixture fixture) : CampaignsRig(fixture)
{
    [Fact]
    public async Task However_many_start_it_at_once_it_starts_once()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewReadyDraftAsync(owner, people: 250);
        Assert.True((await ScheduleAsync(owner, id)).Ok);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => StartAsync(owner, id)));

        Assert.Single(outcomes, o => o == StartOutcome.Started);
        Assert.Equal(1, await ScalarAsync<long>($"select count(*) from app.sendings where tenant_id = '{owner.TenantId}'"));
        Assert.Equal(250, await ScalarAsync<long>($"select count(*) from app.messages where tenant_id = '{owner.TenantId}'"));
        Assert.Equal(
            ["campaign_created", "campaign_scheduled", "campaign_started", "campaign_prepared"], await AuditAsync(owner, id));
        var view = await PageAsync(owner, id);
        Assert.Equal((CampaignStatus.Running, 250L, 250L), (view.Line.Status, view.Line.Outcome.Waiting, view.Line.Outcome.People));
    }

    [Fact]
    public async Task An_early_wake_up_waits_for_the_databases_clock()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await ScheduledAsync(owner, "clock_timestamp() + interval '1200 milliseconds'");
        Assert.Equal(StartOutcome.Started, await StartAsync(owner, id));
        Assert.True(await ScalarAsync<bool>($"select started_at >= due_at from app.campaigns where id = '{id}'"));
    }

    [Fact]
    public async Task What_is_not_due_is_left_alone()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await ScheduledAsync(owner, "clock_timestamp() + interval '1 hour'");
        Assert.Equal(StartOutcome.Nothing, await StartAsync(owner, id));
        Assert.Equal(CampaignStatus.Scheduled, (await PageAsync(owner, id)).Line.Status);
    }

    [Fact]
    public async Task Undone_in_time_it_is_a_draft_again_and_never_starts()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewReadyDraftAsync(owner);
        Assert.True((await ScheduleAsync(owner, id)).Ok);
        Assert.True((await Get<UndoCampaign>().RunAsync(owner, id, None)).Ok);

        Assert.Equal(StartOutcome.Nothing, await StartAsync(owner, id));
        Assert.Equal(CampaignState.Draft, (await DraftAsync(owner, id)).State);
        Assert.Equal(["job-1"], Waker.Forgotten);
        Assert.Equal(0, await ScalarAsync<long>($"select count(*) from app.sendings where tenant_id = '{owner.TenantId}'"));
        Assert.True((await ScheduleAsync(owner, id)).Ok);
    }

    [Fact]
    public async Task Once_started_it_cannot_be_undone()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewStartedAsync(owner);
        Assert.Equal("not_scheduled", Assert.Single((await Get<UndoCampaign>().RunAsync(owner, id, None)).Problems).Code);
    }

    [Fact]
    public async Task Undo_and_start_at_once_have_one_winner()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewReadyDraftAsync(owner);
        for (var round = 0; round < 5; round++)
        {
            if ((await DraftAsync(owner, id)).State == CampaignState.Draft)
                Assert.True((await ScheduleAsync(owner, id)).Ok);
            var undo = Get<UndoCampaign>().RunAsync(owner, id, None);
            var start = StartAsync(owner, id);
            var (undone, started) = ((await undo).Ok, await start == StartOutcome.Started);
            Assert.True(undone ^ started);
            if (started)
                return;
        }
    }

    [Fact]
    public async Task Past_its_last_time_it_is_missed_and_not_started()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await ScheduledAsync(owner, "clock_timestamp() - interval '1 hour'");
        await SqlAsync($"update app.campaigns set not_after = clock_timestamp() - interval '1 minute' where id = '{id}'");

        Assert.Equal(StartOutcome.Missed, await StartAsync(owner, id));
        Assert.Equal(StartOutcome.Nothing, await StartAsync(owner, id));
        Assert.Equal(CampaignStatus.Missed, (await PageAsync(owner, id)).Line.Status);
        Assert.Single(await AuditAsync(owner, id), "campaign_missed");
        Assert.Equal(id, Assert.Single((await Get<TenantHome>().RunAsync(owner, None)).Missed).Id);
        // A person decides: back to a draft with another time.
        Assert.True((await Get<UndoCampaign>().RunAsync(owner, id, None)).Ok);
    }

    [Fact]
    public async Task A_suspended_tenant_starts_nothing()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await ScheduledAsync(owner, "clock_timestamp() - interval '1 minute'");
        await SqlAsync($"update ident.tenants set state = 'suspended' where id = '{owner.TenantId}'");
        Assert.Equal(StartOutcome.Nothing, await StartAsync(owner, id));
    }

    [Fact]
    public async Task The_sweep_starts_what_is_due_though_hangfires_schema_is_missing_and_one_campaign_fails()
    {
        await SqlAsync("drop schema hangfire cascade");
        var (one, other) = (await Fixture.NewTenantAsync(), await Fixture.NewTenantAsync());
        var broken = await ScheduledAsync(one, "clock_timestamp() - interval '2 minutes'");
        var due = await ScheduledAsync(other, "clock_timestamp() - interval '1 minute'");
        // No text gets into a campaign like this; whatever is wrong with a row, the others must go on.
        await SqlAsync($$$"""update app.campaigns set text = '{{' where id = '{{{broken}}}'""");

        await using var services = Fixture.Build(s =>
        {
            s.AddLive().AddDispatch().AddCampaigns().AddCampaignSweep();
            s.PostConfigure<CampaignOptions>(o => o.SweepSeconds = 1);
        });
        var sweep = services.GetServices<IHostedService>().OfType<CampaignSweep>().Single();
        await sweep.StartAsync(None);
        await UntilAsync(async () => (await PageAsync(other, due)).Line is { Status: CampaignStatus.Running, Outcome.Waiting: 3 });
        await UntilAsync(async () => (await PageAsync(one, broken)).StartedAt is not null);
        await sweep.StopAsync(None);
    }

    [Fact]
    public async Task The_sweep_prepares_what_was_cut_short_and_finishes_what_is_through()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewStartedAsync(owner, people: 3);
        var sending = await ScalarAsync<Guid>($"select sending_id from app.campaigns where id = '{id}'");
        // As if the process had died before the first chunk, and then everything had been accepted.
        await SqlAsync($"""
            delete from app.messages where sending_id = '{sending}'; delete from app.batches where sending_id = '{sending}';
            delete from app.audit_entries where subject_id = '{id}' and action = 'campaign_prepared';
            update app.sendings set prepared_at = null, prepared_to = null, messages = 0, batches = 0, state = 'preparing' where id = '{sending}'
            """);
        await using var services = Fixture.Build(s => s.AddLive().AddDispatch().AddCampaigns().AddCampaignSweep().PostConfigure<CampaignOptions>(o => o.SweepSeconds = 1));
        var sweep = services.GetServices<IHostedService>().OfType<CampaignSweep>().Single();
        await sweep.StartAsync(None);
        await UntilAsync(async () => (await PageAsync(owner, id)).Line.Outcome.Waiting == 3);
        await SqlAsync($"""
            update app.batches set state = 'accepted' where sending_id = '{sending}';
            update app.sending_counts set accepted = 3 where sending_id = '{sending}'
            """);
        await UntilAsync(async () => (await AuditAsync(owner, id)).Contains("campaign_finished"));
        await sweep.StopAsync(None);
        var view = await PageAsync(owner, id);
        Assert.Equal((CampaignStatus.Finished, 3L, 3L), (view.Line.Status, view.Line.Outcome.Sent, view.Line.Outcome.People));
        Assert.Single(await AuditAsync(owner, id), "campaign_prepared");
    }

    [Fact]
    public async Task Another_tenants_campaign_is_not_there()
    {
        var (owner, stranger) = (await Fixture.NewTenantAsync(), await Fixture.NewTenantAsync());
        var id = await ScheduledAsync(owner, "clock_timestamp() - interval '1 minute'");
        Assert.Null(await Get<CampaignPage>().RunAsync(stranger, id, None));
        Assert.Null(await Get<CampaignDraft>().RunAsync(stranger, id, None));
        Assert.Null(await Get<ReviewCampaign>().RunAsync(stranger, id, None));
        Assert.Empty((await Get<CampaignPeople>().RunAsync(stranger, new(id), None)).Lines);
        Assert.Equal(StartOutcome.Nothing, await StartAsync(stranger, id));
        Assert.Equal("campaign_gone", Code(await Get<ScheduleCampaign>().RunAsync(stranger, new(id, 1, false), None)));
        Assert.Equal("not_scheduled", Code(await Get<UndoCampaign>().RunAsync(stranger, id, None)));
        Assert.Equal("campaign_gone", Code(await Get<CancelCampaign>().RunAsync(stranger, id, None)));
        Assert.Equal("campaign_gone", Code(await Get<PauseCampaign>().RunAsync(stranger, id, None)));
        Assert.Equal("campaign_gone", Code(await Get<DuplicateCampaign>().RunAsync(stranger, id, None)));
        Assert.Equal("not_a_draft", Code(await Get<DeleteDraft>().RunAsync(stranger, id, None)));
        Assert.Equal(CampaignStatus.Scheduled, (await PageAsync(owner, id)).Line.Status);

        // A campaign that names another tenant's list or account finds nobody and nothing.
        var (list, account) = (await NewListAsync(owner, "Theirs", ("8613900000099", null)), await NewAccountAsync(owner, "Theirs"));
        var thief = await ReadyAsync(stranger, list, account);
        Assert.Equal(["account_missing", "list_gone"], (await ScheduleAsync(stranger, thief)).Problems.Select(p => p.Code).Order(StringComparer.Ordinal));
    }

    private async Task<Guid> ScheduledAsync(Member owner, string due)
    {
        var id = await NewReadyDraftAsync(owner);
        Assert.True((await ScheduleAsync(owner, id)).Ok);
        await SqlAsync($"update app.campaigns set due_at = {due} where id = '{id}'");
        return id;
    }

    private static string Code<T>(Result<T> result) => Assert.Single(result.Problems).Code;
}
