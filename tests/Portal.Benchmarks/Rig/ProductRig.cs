using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Accounts;
using Portal.Data;
using Portal.Dispatch;
using Portal.Live;
using Portal.Members;
using Portal.Tenants;

namespace Portal.Benchmarks.Rig;

/// <summary>The product's own use cases in this process, to put a tenant, an account and a sending in place.</summary>
internal sealed class ProductRig : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Scratch _scratch;

    public ProductRig(Scratch scratch, int requestTimeoutSeconds)
    {
        _scratch = scratch;
        var settings = new ConfigurationBuilder().AddInMemoryCollection(scratch.Settings(requestTimeoutSeconds)).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(settings).AddSingleton(TimeProvider.System)
            .AddSingleton(Microsoft.Extensions.Options.Options.Create(scratch.Options)).AddSingleton<Databases>().AddSingleton<PortalDbFactory>();
        services.AddVault().AddLive().AddAccounts().AddDispatch();
        _services = services.BuildServiceProvider();
    }

    public Vault.Vault Vault => _services.GetRequiredService<Vault.Vault>();

    public PortalDbFactory Dbs => _services.GetRequiredService<PortalDbFactory>();

    public Databases Databases => _services.GetRequiredService<Databases>();

    /// <summary>A tenant with an owner. Its pause on piled-up doubts is off: a run makes them on purpose.</summary>
    public async Task<Member> TenantAsync(CancellationToken ct)
    {
        var (tenant, user) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await AdminAsync($"""
            insert into ident.tenants (id, slug, name, state, created_at) values ('{tenant}', 'run-{tenant:N}', 'Run', 'active', now());
            insert into app.tenant_settings (tenant_id, time_zone, country, undo_seconds, doubt_pause) values ('{tenant}', 'UTC', 'CN', 0, 0);
            """, ct);
        await _services.GetRequiredService<Vault.Vault>().CreateTenantKeyAsync(tenant, ct);
        return new Member(tenant, user, "Run", MemberRole.Owner) { Confirmed = true };
    }

    public Task<Guid> AccountAsync(Member owner, Provider provider, int rate, int batch, CancellationToken ct) =>
        AccountAsync(owner, provider.Address, (provider.ApiKey, provider.Secret), new AccountSettings("Run", Rate: rate, BatchSize: batch), ct);

    public async Task<Guid> AccountAsync(Member owner, string address, (string ApiKey, string Secret) pair, AccountSettings settings, CancellationToken ct)
    {
        var input = new AddAccountInput(settings, address, AccountKind.Both, new TypedKeyPair(pair.ApiKey, pair.Secret));
        var added = await _services.GetRequiredService<AddAccount>().RunAsync(owner, input, ct);
        return added.Ok ? added.Value : throw new InvalidOperationException($"The account was refused: {added.Problems[0].Code}.");
    }

    /// <summary>An account that never sends: it has no key pair.</summary>
    public async Task<Guid> IdleAccountAsync(Member owner, CancellationToken ct)
    {
        var account = Guid.CreateVersion7();
        await AdminAsync($"""
            insert into app.accounts (tenant_id, id, label, base_address, kind, state, rate, concurrency, batch_size, created_at)
            values ('{owner.TenantId}', '{account}', 'Run', 'https://sms.example.test', 'marketing', 'active', 100, 100, 100, now())
            """, ct);
        return account;
    }

    /// <summary>
    /// Two lists of that many people together, entered as an import enters them: one in twenty on both lists, one in fifty
    /// suppressed beside 50,000 suppressed strangers, each with a name out of 5,000, a city out of 10 and a code of their own.
    /// </summary>
    public async Task<Guid[]> AudienceAsync(Member owner, int people, CancellationToken ct)
    {
        var (tenant, most, some) = (owner.TenantId, Guid.CreateVersion7(), Guid.CreateVersion7());
        await AdminAsync($$"""
            create temp table people as
            select n, (8613000000000 + n::bigint * 7919 % 900000011)::text as number, gen_random_uuid() as id from generate_series(1, {{people}}) n;
            insert into app.lists (tenant_id, id, name, created_at) values ('{{tenant}}', '{{most}}', 'most', now()), ('{{tenant}}', '{{some}}', 'some', now());
            insert into app.contacts (tenant_id, id, number, fields, created_at)
            select '{{tenant}}', id, number, jsonb_build_object('name', 'Name ' || n % 5000, 'city', 'City ' || n % 10, 'code', n::text), now() from people order by number;
            insert into app.list_members (tenant_id, list_id, contact_id, number) select '{{tenant}}', '{{most}}', id, number from people where n % 10 > 0 order by number;
            insert into app.list_members (tenant_id, list_id, contact_id, number) select '{{tenant}}', '{{some}}', id, number from people where n % 10 = 0 or n % 20 = 1 order by number;
            insert into app.suppressions (tenant_id, number, reason, source, at)
            select '{{tenant}}'::uuid, number, 'opted_out', 'run', now() from people where n % 50 = 7
            union all select '{{tenant}}'::uuid, (8615000000000 + n)::text, 'opted_out', 'run', now() from generate_series(1, 50000) n;
            drop table people;
            """, ct);
        await AdminAsync("vacuum analyze app.contacts, app.list_members, app.suppressions", ct);
        return [most, some];
    }

    /// <summary>A prepared sending to that many people.</summary>
    public async Task<Guid> SendingAsync(Member owner, Guid account, int people, int batch, CancellationToken ct) =>
        await SendingAsync(owner, account, await ListAsync(owner, people, ct), batch, ct);

    /// <summary>A list of so many people.</summary>
    public async Task<Guid> ListAsync(Member owner, int people, CancellationToken ct)
    {
        var list = Guid.CreateVersion7();
        await AdminAsync($"""
            insert into app.lists (tenant_id, id, name, created_at) values ('{owner.TenantId}', '{list}', 'run {list}', now());
            with added as (
                insert into app.contacts (tenant_id, id, number, created_at)
                select '{owner.TenantId}', gen_random_uuid(), (8619800000000 + n)::text, now() from generate_series(1, {people}) n
                on conflict (tenant_id, number) do update set created_at = excluded.created_at returning id, number)
            insert into app.list_members (tenant_id, list_id, contact_id, number) select '{owner.TenantId}', '{list}', id, number from added;
            """, ct);
        return list;
    }

    /// <summary>A sending to a list, due now, prepared before this returns; a running sender begins before that.</summary>
    public async Task<Guid> SendingAsync(Member owner, Guid account, Guid list, int batch, CancellationToken ct)
    {
        var sending = await CreateSendingAsync(owner, account, "Hello", [list], batch, ct);
        await PrepareAsync(owner, sending, ct);
        return sending;
    }

    public async Task<Guid> CreateSendingAsync(Member owner, Guid account, string text, Guid[] lists, int batch, CancellationToken ct)
    {
        var now = TimeProvider.System.GetUtcNow();
        var sending = Sending.Create(owner.TenantId, account, SendingKind.Campaign, text, lists, batch, now, now);
        await using var db = _services.GetRequiredService<PortalDbFactory>().Create(owner.Scope);
        db.AddRange(sending, new SendingCounts { TenantId = owner.TenantId, SendingId = sending.Id });
        await db.SaveChangesAsync(ct);
        return sending.Id;
    }

    public Task PrepareAsync(Member owner, Guid sending, CancellationToken ct) =>
        _services.GetRequiredService<PrepareSending>().RunAsync(owner.Scope, sending, ct);

    /// <summary>Checks an account again that a code has stopped, as a person would.</summary>
    public async Task ResumeAsync(Member owner, Guid account, CancellationToken ct)
    {
        await using var db = _services.GetRequiredService<PortalDbFactory>().Create(owner.Scope);
        if ((await db.FindAsync<Account>([owner.TenantId, account], ct))!.State == AccountState.Stopped)
            await _services.GetRequiredService<CheckAgain>().RunAsync(owner, account, ct);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task AdminAsync(string sql, CancellationToken ct)
    {
        await using var admin = new NpgsqlConnection(_scratch.Options.ConnectionString);
        await admin.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, admin) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
