using Hangfire;
using Hangfire.PostgreSql;
using Microsoft.Extensions.DependencyInjection;
using Portal.Campaigns;
using Portal.Data;
using Portal.Dispatch;
using Portal.Live;
using Portal.Web.Campaigns;

namespace Portal.IntegrationTests.Campaigns;

[Collection(WholePortal.Name)]
public sealed class HangfireWakerTests(PortalFixture fixture) : CampaignsRig(fixture)
{
    [Fact]
    public async Task A_scheduled_campaign_has_a_persisted_job_with_ids_only_and_an_undone_one_has_none()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewReadyDraftAsync(owner);
        await using var services = Build();
        var version = (await DraftAsync(owner, id)).Version;
        var scheduled = (await services.GetRequiredService<ScheduleCampaign>().RunAsync(owner, new(id, version, false), None)).Value;

        var job = await ScalarAsync<string>($"select wake_job from app.campaigns where id = '{id}'");
        Assert.Equal("Scheduled", await ScalarAsync<string>($"select statename from hangfire.job where id = {job}"));
        Assert.Equal($"[\"\\\"{owner.TenantId}\\\"\", \"\\\"{id}\\\"\", null]", await ScalarAsync<string>($"select arguments::text from hangfire.job where id = {job}"));
        Assert.Contains(nameof(CampaignJob), await ScalarAsync<string>($"select invocationdata::text from hangfire.job where id = {job}"), StringComparison.Ordinal);
        var score = await ScalarAsync<double>($"select score from hangfire.set where key = 'schedule' and value = '{job}'");
        Assert.Equal(scheduled.DueAt.ToUnixTimeSeconds(), (long)score);

        Assert.True((await services.GetRequiredService<UndoCampaign>().RunAsync(owner, id, None)).Ok);
        Assert.Equal("Deleted", await ScalarAsync<string>($"select statename from hangfire.job where id = {job}"));
    }

    [Fact]
    public async Task The_job_starts_the_campaign()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewReadyDraftAsync(owner);
        Assert.True((await ScheduleAsync(owner, id)).Ok);
        await new CampaignJob(Get<StartCampaign>()).RunAsync(owner.TenantId, id, None);
        Assert.Equal(CampaignStatus.Running, (await PageAsync(owner, id)).Line.Status);
    }

    [Fact]
    public async Task A_job_with_another_tenants_campaign_starts_nothing()
    {
        var (owner, stranger) = (await Fixture.NewTenantAsync(), await Fixture.NewTenantAsync());
        var id = await NewReadyDraftAsync(owner);
        Assert.True((await ScheduleAsync(owner, id)).Ok);
        await new CampaignJob(Get<StartCampaign>()).RunAsync(stranger.TenantId, id, None);
        Assert.Equal(CampaignStatus.Scheduled, (await PageAsync(owner, id)).Line.Status);
    }

    [Fact]
    public async Task Without_hangfires_tables_scheduling_works_all_the_same()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewReadyDraftAsync(owner);
        await using var services = Build("no_such_schema");
        var version = (await DraftAsync(owner, id)).Version;
        Assert.True((await services.GetRequiredService<ScheduleCampaign>().RunAsync(owner, new(id, version, false), None)).Ok);
        Assert.Equal(StartOutcome.Started, await StartAsync(owner, id));
    }

    private ServiceProvider Build(string schema = "hangfire") => Fixture.Build(services =>
    {
        // A host that ran before has left its own behind.
        Hangfire.Logging.LogProvider.SetCurrentLogProvider(null);
        var storage = new PostgreSqlStorage(
            new ConnectionTo(Fixture.Database.Options.For(DatabaseRole.Hangfire)), new PostgreSqlStorageOptions { SchemaName = schema, PrepareSchemaIfNecessary = false });
        services.AddSingleton<IBackgroundJobClient>(new BackgroundJobClient(storage));
        services.AddLive().AddDispatch().AddCampaigns().AddCampaignWakeUps();
    });

    private sealed class ConnectionTo(string address) : IConnectionFactory
    {
        public Npgsql.NpgsqlConnection GetOrCreateConnection() => new(address);
    }
}
