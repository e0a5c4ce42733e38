using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Campaigns;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.IntegrationTests.Campaigns;

/// <summary>Many campaigns in the same minute, over three instances: each with services of its own, all over one database.</summary>
[Collection(WholePortal.Name)]
public sealed class SameMinuteTests(PortalFixture fixture) : CampaignsRig(fixture)
{
    [Fact]
    public async Task A_thousand_campaigns_of_twenty_tenants_start_once_each_on_three_instances()
    {
        for (var tenant = 0; tenant < 20; tenant++)
            await DueAsync(await Fixture.NewTenantAsync(), campaigns: 50);
        var instances = Enumerable.Range(0, 3).Select(_ => Instance()).ToList();
        try
        {
            // The sweep of each, and wake-ups on top: every campaign is called for several times, from everywhere.
            foreach (var instance in instances)
                await instance.GetServices<IHostedService>().OfType<CampaignSweep>().Single().StartAsync(None);
            await Parallel.ForEachAsync(await IdsAsync(), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (campaign, ct) =>
                await instances[Math.Abs(campaign.Id.GetHashCode()) % 3].GetRequiredService<StartCampaign>().RunAsync(new(campaign.Tenant), campaign.Id, ct));
            await UntilAsync(async () => await ScalarAsync<long>("select count(*) from app.campaigns where state = 'scheduled'") == 0);
            await UntilAsync(async () => await ScalarAsync<long>("select count(*) from app.sendings where prepared_at is null") == 0);
        }
        finally
        {
            foreach (var instance in instances)
            {
                await instance.GetServices<IHostedService>().OfType<CampaignSweep>().Single().StopAsync(None);
                await instance.DisposeAsync();
            }
        }
        Assert.Equal(1000L, await ScalarAsync<long>("select count(*) from app.campaigns where state = 'started' and missed_at is null"));
        Assert.Equal(1000L, await ScalarAsync<long>("select count(*) from app.sendings"));
        Assert.Equal(1000L, await ScalarAsync<long>("select count(distinct sending_id) from app.campaigns"));
        Assert.Equal(1000L, await ScalarAsync<long>("select count(*) from app.audit_entries where action = 'campaign_started'"));
        Assert.Equal(2000L, await ScalarAsync<long>("select count(*) from app.messages"));
    }

    [Fact]
    public async Task Held_after_a_restore_nothing_starts_and_what_came_due_is_asked_about_at_the_release()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = Assert.Single(await DueAsync(owner, campaigns: 1));
        var late = Assert.Single(await DueAsync(owner, campaigns: 1));
        await SqlAsync($"update app.campaigns set not_after = clock_timestamp() - interval '1 second' where id = '{late}'");
        await SqlAsync("update infra.dispatch_state set held_why = 'other_timeline', held_at = now()");
        await using (var instance = Instance())
        {
            Assert.Equal(StartOutcome.Nothing, await instance.GetRequiredService<StartCampaign>().RunAsync(owner.Scope, id, None));
            Assert.Equal(StartOutcome.Missed, await instance.GetRequiredService<StartCampaign>().RunAsync(owner.Scope, late, None));
            Assert.Equal(CampaignStatus.Scheduled, (await PageAsync(owner, id)).Line.Status);

            var released = (await instance.GetRequiredService<ReleaseAfterRestore>().RunAsync(global::Portal.Members.Operator.Console, resumePlanned: false, None)).Value;
            Assert.Equal(id, Assert.Single(released.HeldBack));
            Assert.Equal(CampaignStatus.Missed, (await PageAsync(owner, id)).Line.Status);
            Assert.Contains("campaign_held_back", await AuditAsync(owner, id));
        }
        await using var after = Instance();
        Assert.Equal(StartOutcome.Nothing, await after.GetRequiredService<StartCampaign>().RunAsync(owner.Scope, id, None));
        // A person decides: back to a draft with another time.
        Assert.True((await Get<UndoCampaign>().RunAsync(owner, id, None)).Ok);
    }

    [Fact]
    public async Task An_operator_who_knows_that_nothing_was_sent_lets_everything_go_on()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = Assert.Single(await DueAsync(owner, campaigns: 1));
        await SqlAsync("update infra.dispatch_state set held_why = 'other_timeline', held_at = now()");
        await using (var console = Instance())
        {
            var released = (await console.GetRequiredService<ReleaseAfterRestore>().RunAsync(global::Portal.Members.Operator.Console, resumePlanned: true, None)).Value;
            Assert.Empty(released.HeldBack);
        }
        await using var after = Instance();
        Assert.Equal(StartOutcome.Started, await after.GetRequiredService<StartCampaign>().RunAsync(owner.Scope, id, None));
    }

    [Fact]
    public async Task What_is_due_starts_though_hangfires_schema_is_dropped_while_the_portal_runs()
    {
        await using var database = await TestDatabase.CreateAsync();
        var (app, _) = await Members.RunningPortal.StartAsync(database, "--Portal:Campaigns:SweepSeconds=1");
        await using (app)
        {
            await database.AdminAsync("drop schema hangfire cascade");
            var (tenant, account, list, campaign) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
            await database.AdminAsync($"""
                insert into ident.tenants (id, slug, name, state, created_at) values ('{tenant}', 'one', 'One', 'active', now());
                insert into app.tenant_settings (tenant_id, time_zone, country, undo_seconds, doubt_pause) values ('{tenant}', 'UTC', 'CN', 0, 3);
                insert into app.accounts (tenant_id, id, label, base_address, kind, state, rate, concurrency, batch_size, created_at)
                values ('{tenant}', '{account}', 'A', 'https://sms.example.test', 'marketing', 'active', 10, 10, 10, now());
                {PeopleSql(tenant, list)}
                {CampaignSql(tenant, campaign, account, list)}
                """);
            await UntilAsync(async () => await database.AdminScalarAsync<string>($"select state from app.campaigns where id = '{campaign}'") == "started");
            Assert.Equal(1L, await database.AdminScalarAsync<long>("select count(*) from app.sendings"));
        }
    }

    /// <summary>Campaigns of one tenant to the same two people, due a moment ago.</summary>
    private async Task<List<Guid>> DueAsync(Member owner, int campaigns)
    {
        var (account, list) = (await NewAccountAsync(owner, Guid.NewGuid().ToString("N")), Guid.CreateVersion7());
        var ids = Enumerable.Range(0, campaigns).Select(_ => Guid.CreateVersion7()).ToList();
        await SqlAsync(PeopleSql(owner.TenantId, list) + string.Concat(ids.Select(id => CampaignSql(owner.TenantId, id, account, list))));
        return ids;
    }

    private static string PeopleSql(Guid tenant, Guid list) => $"""
        insert into app.lists (tenant_id, id, name, created_at) values ('{tenant}', '{list}', '{list}', now());
        insert into app.contacts (tenant_id, id, number, fields, created_at)
        select '{tenant}', gen_random_uuid(), (8613900000000 + n)::text, '{"{}"}', now() from generate_series(1, 2) n on conflict do nothing;
        insert into app.list_members (tenant_id, list_id, contact_id, number) select tenant_id, '{list}', id, number from app.contacts where tenant_id = '{tenant}';
        """;

    private static string CampaignSql(Guid tenant, Guid campaign, Guid account, Guid list) => $"""
        insert into app.campaigns (tenant_id, id, name, state, account_id, list_ids, text, time_zone, due_at, created_by, created_by_name, created_at, changed_at)
        values ('{tenant}', '{campaign}', 'Same minute', 'scheduled', '{account}', array['{list}'::uuid], 'Hello', 'UTC', clock_timestamp(), '{tenant}', 'Owner', now(), now());
        """;

    private async Task<List<(Guid Tenant, Guid Id)>> IdsAsync()
    {
        var ids = new List<(Guid, Guid)>();
        await using var connection = await Fixture.Database.OpenAdminAsync();
        await using var command = new Npgsql.NpgsqlCommand("select tenant_id, id from app.campaigns", connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            ids.Add((reader.GetGuid(0), reader.GetGuid(1)));
        return ids;
    }

    private ServiceProvider Instance() =>
        Fixture.Build(s => s.AddCampaigns().AddCampaignSweep().PostConfigure<CampaignOptions>(o => o.SweepSeconds = 1));
}
