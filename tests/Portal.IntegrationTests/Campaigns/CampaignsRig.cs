using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Campaigns;
using Portal.Dispatch;
using Portal.Live;
using Portal.Tenants;

namespace Portal.IntegrationTests.Campaigns;

/// <summary>Campaigns over a real database: nothing is sent, so an account needs no key pair.</summary>
public abstract class CampaignsRig(PortalFixture fixture) : IClassFixture<PortalFixture>, IAsyncLifetime
{
    protected const string Zone = "Asia/Shanghai";

    private ServiceProvider? _services;

    protected PortalFixture Fixture => fixture;

    protected static CancellationToken None => CancellationToken.None;

    protected RecordingWaker Waker { get; } = new();

    protected IServiceProvider Services => _services!;

    public Task InitializeAsync()
    {
        _services = fixture.Build(services =>
        {
            services.AddLive().AddDispatch().AddCampaigns();
            services.Replace(ServiceDescriptor.Singleton<ICampaignWaker>(Waker));
        });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _services!.DisposeAsync();

    protected T Get<T>() where T : notnull => _services!.GetRequiredService<T>();

    protected Task SqlAsync(string sql) => fixture.Database.AdminAsync(sql);

    protected Task<T> ScalarAsync<T>(string sql) => fixture.Database.AdminScalarAsync<T>(sql);

    protected async Task<Guid> NewAccountAsync(Member member, string label = "Lantern CN", string kind = "marketing", string state = "active", int rate = 100, int batchSize = 100)
    {
        var id = Guid.CreateVersion7();
        await SqlAsync($"""
            insert into app.accounts (tenant_id, id, label, base_address, kind, state, stopped_code, rate, concurrency, batch_size, created_at)
            values ('{member.TenantId}', '{id}', '{label}', 'https://sms.example.test', '{kind}', '{state}', {(state == "stopped" ? "'202'" : "null")}, {rate}, 10, {batchSize}, now())
            """);
        return id;
    }

    /// <summary>A list of people: number and, where not empty, their name.</summary>
    protected async Task<Guid> NewListAsync(Member member, string name, params (string Number, string? Name)[] people)
    {
        var list = Guid.CreateVersion7();
        await SqlAsync($"insert into app.lists (tenant_id, id, name, created_at) values ('{member.TenantId}', '{list}', '{name}', now())");
        foreach (var (number, called) in people)
        {
            var fields = called is null ? "{}" : $$"""{"name":"{{called}}"}""";
            await SqlAsync($"""
                insert into app.contacts (tenant_id, id, number, fields, created_at) values ('{member.TenantId}', gen_random_uuid(), '{number}', '{fields}', now())
                on conflict (tenant_id, number) do nothing;
                insert into app.list_members (tenant_id, list_id, contact_id, number)
                select '{member.TenantId}', '{list}', id, number from app.contacts where tenant_id = '{member.TenantId}' and number = '{number}'
                """);
        }
        return list;
    }

    /// <summary>A list of so many people without fields.</summary>
    protected async Task<Guid> NewListAsync(Member member, string name, int people)
    {
        var list = await NewListAsync(member, name);
        await SqlAsync($"""
            insert into app.contacts (tenant_id, id, number, fields, created_at)
            select '{member.TenantId}', gen_random_uuid(), (8613900000000 + n)::text, '{"{}"}', now() from generate_series(1, {people}) n;
            insert into app.list_members (tenant_id, list_id, contact_id, number) select tenant_id, '{list}', id, number from app.contacts where tenant_id = '{member.TenantId}'
            """);
        return list;
    }

    protected Task SuppressAsync(Member member, string number) => SqlAsync(
        $"insert into app.suppressions (tenant_id, number, reason, source, at) values ('{member.TenantId}', '{number}', 'opted_out', 'test', now())");

    protected async Task<Guid> NewDraftAsync(Member member) => await Get<CreateDraft>().RunAsync(member, new("Winter tasting", Zone), None);

    /// <summary>A draft with everything that it needs, changed by the test.</summary>
    protected async Task<Guid> NewDraftAsync(Member member, Func<SaveDraftInput, SaveDraftInput> change)
    {
        var id = await NewDraftAsync(member);
        var draft = await DraftAsync(member, id);
        await SaveAsync(member, change(Input(draft)));
        return id;
    }

    protected async Task<Guid> NewReadyDraftAsync(Member member, int people = 3) =>
        await ReadyAsync(member, await NewListAsync(member, "Members", people), await NewAccountAsync(member));

    protected Task<Guid> ReadyAsync(Member member, Guid list, Guid account, string text = "Tasting on Friday.") =>
        NewDraftAsync(member, i => i with { ListIds = [list], AccountId = account, Text = text });

    protected static SaveDraftInput Input(DraftView draft) =>
        new(draft.Id, draft.Version, draft.Name, draft.ListIds, draft.AccountId, draft.Text, draft.PlannedAt, draft.NotAfter, draft.TimeZone, draft.Repeat);

    protected async Task<DraftView> DraftAsync(Member member, Guid id) => (await Get<CampaignDraft>().RunAsync(member, id, None))!;

    protected async Task SaveAsync(Member member, SaveDraftInput input)
    {
        var saved = await Get<SaveDraft>().RunAsync(member, input, None);
        Assert.Empty(saved.Problems);
    }

    protected async Task<Result<ScheduledCampaign>> ScheduleAsync(Member member, Guid id, bool acceptSkips = false) =>
        await Get<ScheduleCampaign>().RunAsync(member, new(id, (await DraftAsync(member, id)).Version, acceptSkips), None);

    protected Task<StartOutcome> StartAsync(Member member, Guid id) => Get<StartCampaign>().RunAsync(member.Scope, id, None);

    /// <summary>Schedules and starts.</summary>
    protected async Task<Guid> NewStartedAsync(Member member, int people = 3)
    {
        var id = await NewReadyDraftAsync(member, people);
        Assert.Empty((await ScheduleAsync(member, id)).Problems);
        Assert.Equal(StartOutcome.Started, await StartAsync(member, id));
        return id;
    }

    protected async Task<CampaignView> PageAsync(Member member, Guid id) => (await Get<CampaignPage>().RunAsync(member, id, None))!;

    protected async Task<string[]> AuditAsync(Member member, Guid id)
    {
        await using var connection = await fixture.Database.OpenAdminAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            $"select coalesce(array_agg(action order by at, id), '{{}}') from app.audit_entries where tenant_id = '{member.TenantId}' and subject_id = '{id}'", connection);
        return (string[])(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Waits until a condition holds, at most 30 s.</summary>
    protected static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
            await Task.Delay(50, limit.Token);
    }
}

/// <summary>Remembers wake-ups instead of enqueuing them; can fail as a queue does.</summary>
public sealed class RecordingWaker : ICampaignWaker
{
    public List<(Guid Campaign, DateTimeOffset At)> Scheduled { get; } = [];

    public List<string> Forgotten { get; } = [];

    public bool Fails { get; set; }

    public Task<string?> ScheduleAsync(Guid tenantId, Guid campaignId, DateTimeOffset dueAt, CancellationToken ct)
    {
        if (Fails)
            throw new InvalidOperationException("no queue");
        Scheduled.Add((campaignId, dueAt));
        return Task.FromResult<string?>($"job-{Scheduled.Count}");
    }

    public Task ForgetAsync(string job, CancellationToken ct)
    {
        Forgotten.Add(job);
        return Fails ? throw new InvalidOperationException("no queue") : Task.CompletedTask;
    }
}
