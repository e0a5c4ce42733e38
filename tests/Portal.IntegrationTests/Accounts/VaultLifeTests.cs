using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Accounts;
using Portal.Data;
using Portal.Members;
using Portal.Tenants;
using Portal.Vault;

namespace Portal.IntegrationTests.Accounts;

/// <summary>Root keys and data keys that change, end and are stolen, over the real tables.</summary>
public sealed class VaultLifeTests(PortalFixture portal) : AccountsTest(portal)
{
    private const string RootOne = "1:BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=";
    private static readonly string _rootTwo = $"2:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    [Fact]
    public async Task After_a_rewrap_the_old_root_key_is_needed_no_more_and_receipts_are_routed()
    {
        var accounts = new List<(Member Owner, Guid Id)>();
        for (var i = 0; i < 3; i++)
        {
            var owner = await NewTenantAsync();
            var key = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
            await AtProviderAsync(key);
            accounts.Add((owner, (await AddAsync(owner, Input(key))).Value));
        }
        Assert.Equal([(await MineAsync()).Id], await RouteAsync(ApiKey));
        await using var both = With($"{RootOne};{_rootTwo}");

        var report = await both.GetRequiredService<RewrapKeys>().RunAsync(Ct);

        Assert.Equal((2, 0L, 0L, 0L), (report.Root, report.Failed, report.Orphans, report.Left));
        Assert.True(report.TenantKeys >= 4 && report.SystemKeys >= 1);
        await using var later = With(_rootTwo);
        foreach (var (owner, id) in accounts)
        {
            using var opened = await later.GetRequiredService<AccountKeys>().OpenAsync(owner.Scope, id, version: null, KeyPairPurpose.Sign, Ct);
            Assert.Equal(Secret, Encoding.UTF8.GetString(opened!.Pair.Secret));
        }
        var index = await later.GetRequiredService<Vault.Vault>().IndexAsync(Encoding.UTF8.GetBytes(ApiKey), Ct);
        Assert.Equal((await Get<Vault.Vault>().IndexAsync(Encoding.UTF8.GetBytes(ApiKey), Ct))[0].Hash, index[0].Hash);
        var state = await later.GetRequiredService<VaultStatus>().RunAsync(check: true, Ct);
        Assert.Equal((0L, true), (state.Unreadable, state.Checked >= 5));
        var root = Assert.Single(state.Roots);
        Assert.Equal(new RootKeyUse(2, true, true, root.Tenants, report.TenantKeys, report.SystemKeys), root);
        Assert.Equal((0L, 0L), ((await both.GetRequiredService<RewrapKeys>().RunAsync(Ct)).TenantKeys, report.Left));

        // Back, for the other tests of this database: it goes in either direction.
        await using var back = With($"{RootOne};{_rootTwo};active 1");
        Assert.Equal(0, (await back.GetRequiredService<RewrapKeys>().RunAsync(Ct)).Left);
    }

    [Fact]
    public async Task A_damaged_key_is_told_and_left_and_every_other_one_goes_over()
    {
        var (damaged, deleted, well) = (await NewTenantAsync(), await NewTenantAsync(), await NewTenantAsync());
        var before = await WrappedAsync(damaged);
        await Portal.Database.AdminAsync($"update app.tenant_keys set wrapped = set_byte(wrapped, 40, get_byte(wrapped, 40) # 1) where tenant_id = '{damaged.TenantId}'");
        await using (var keys = Portal.Databases[DatabaseRole.Keys].CreateCommand($"delete from public.random_parts where tenant_id = '{deleted.TenantId}'"))
            await keys.ExecuteNonQueryAsync();
        await using var both = With($"{RootOne};{_rootTwo}");

        var report = await both.GetRequiredService<RewrapKeys>().RunAsync(Ct);

        Assert.Equal((1L, 1L, 2L), (report.Failed, report.Orphans, report.Left));
        Assert.Equal((1, 1, 2), (await RootOfAsync(damaged), await RootOfAsync(deleted), await RootOfAsync(well)));
        Assert.Equal((1L, 1L), ((await both.GetRequiredService<VaultStatus>().RunAsync(check: true, Ct)) is { } state ? (state.Unreadable, state.Orphans) : default));
        await Portal.Database.AdminAsync($"update app.tenant_keys set wrapped = '\\x{Convert.ToHexString(before)}' where tenant_id = '{damaged.TenantId}'; delete from app.tenant_keys where tenant_id = '{deleted.TenantId}'");
        await using var back = With($"{RootOne};{_rootTwo};active 1");
        Assert.Equal(0, (await back.GetRequiredService<RewrapKeys>().RunAsync(Ct)).Left);
    }

    [Fact]
    public async Task Two_rewraps_at_once_share_the_work_and_a_locked_key_is_left_for_later()
    {
        var locked = await NewTenantAsync();
        for (var i = 0; i < 120; i++)
            await Get<Vault.Vault>().CreateTenantKeyAsync(Guid.CreateVersion7(), Ct);
        await using var both = With($"{RootOne};{_rootTwo}");
        var rewrap = both.GetRequiredService<RewrapKeys>();

        await using (var admin = await Portal.Database.OpenAdminAsync())
        await using (var transaction = await admin.BeginTransactionAsync())
        {
            await using (var hold = new NpgsqlCommand($"select 1 from app.tenant_keys where tenant_id = '{locked.TenantId}' for update", admin))
                await hold.ExecuteNonQueryAsync();
            var reports = await Task.WhenAll(rewrap.RunAsync(Ct), rewrap.RunAsync(Ct));
            Assert.True(reports.Sum(r => r.TenantKeys) >= 120);
            Assert.Equal((1, 1L), (await RootOfAsync(locked), reports.Min(r => r.Left)));
        }
        Assert.Equal((1L, 0L), (await rewrap.RunAsync(Ct)) is { } last ? (last.TenantKeys, last.Left) : default);
        Assert.Equal(0, (await both.GetRequiredService<VaultStatus>().RunAsync(check: true, Ct)).Unreadable);
        await using var back = With($"{RootOne};{_rootTwo};active 1");
        Assert.Equal(0, (await back.GetRequiredService<RewrapKeys>().RunAsync(Ct)).Left);
    }

    [Fact]
    public async Task A_new_data_key_seals_every_pair_anew_and_the_older_one_goes_when_nothing_needs_it()
    {
        var (owner, id) = await MineAsync();
        var newKey = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        await AtProviderAsync(newKey);
        await Get<ReplaceKeyPair>().RunAsync(owner, id, new TypedKeyPair(newKey, Secret), Ct);
        var before = await SecretsAsync(owner);

        var rotation = await Get<RotateTenantKey>().RunAsync(owner.TenantId, Ct);

        Assert.Equal(new TenantKeyRotation(2, 2, 0, 1), rotation);
        var after = await SecretsAsync(owner);
        Assert.All(after, blob => Assert.Equal(2, Vault.Vault.VersionOf(blob)));
        Assert.Empty(after.Intersect(before));
        Assert.Equal((ApiKey, newKey), (await ApiKeyOfAsync(owner, id, 1), await ApiKeyOfAsync(owner, id, 2)));

        // A value may still be on its way to its row: only an hour later.
        Assert.Equal(0, await Get<RotateTenantKey>().RetireAsync(owner.Scope, Ct));
        await Portal.Database.AdminAsync($"update app.tenant_keys set created_at = now() - interval '61 minutes' where tenant_id = '{owner.TenantId}'");
        Assert.Equal([owner.TenantId], await WithOlderKeysAsync());
        await Portal.Database.AdminAsync($"update app.account_secrets set secret = '\\x{Convert.ToHexString(before[0])}' where tenant_id = '{owner.TenantId}' and version = 1");
        Assert.Equal(0, await Get<RotateTenantKey>().RetireAsync(owner.Scope, Ct));
        await Portal.Database.AdminAsync($"update app.account_secrets set secret = '\\x{Convert.ToHexString(after[0])}' where tenant_id = '{owner.TenantId}' and version = 1");
        Assert.Equal(1, await Get<RotateTenantKey>().RetireAsync(owner.Scope, Ct));
        Assert.Empty(await WithOlderKeysAsync());
        Assert.Equal(newKey, await ApiKeyOfAsync(owner, id, 2));
    }

    [Fact]
    public async Task Pairs_open_all_the_time_while_the_data_key_changes()
    {
        var (owner, id) = await MineAsync();
        using var over = new CancellationTokenSource();
        var opened = 0;
        var opening = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                Assert.Equal(ApiKey, await ApiKeyOfAsync(owner, id, 1));
                Interlocked.Increment(ref opened);
            }
        })));
        for (var turn = 0; turn < 5; turn++)
        {
            await Get<RotateTenantKey>().RunAsync(owner.TenantId, Ct);
            await Portal.Database.AdminAsync($"update app.tenant_keys set created_at = now() - interval '2 hours' where tenant_id = '{owner.TenantId}'");
            await Get<RotateTenantKey>().RetireAsync(owner.Scope, Ct);
        }
        await over.CancelAsync();
        await opening;
        Assert.True(opened > 0);
    }

    [Fact]
    public async Task Deleting_a_tenants_keys_ends_its_secrets_and_its_routing_at_once_and_out_of_an_older_backup()
    {
        var (owner, id) = await MineAsync();
        var backup = await WrappedAsync(owner);
        var delete = Get<DeleteTenantKeys>();
        var name = await TextAsync("name", owner);
        Assert.Equal("tenant_not_suspended", (await delete.RunAsync(Operator.Console, owner.TenantId, name, Ct)).Problems[0].Code);
        Assert.Equal("tenant_unknown", (await delete.RunAsync(Operator.Console, Guid.NewGuid(), name, Ct)).Problems[0].Code);
        await Get<SuspendTenant>().RunAsync(Operator.Console, owner.TenantId, "over", Ct);
        Assert.Equal("name_differs", (await delete.RunAsync(Operator.Console, owner.TenantId, "another", Ct)).Problems[0].Code);
        await Assert.ThrowsAsync<NotConfirmedException>(() => delete.RunAsync(Operator.Console with { Confirmed = false }, owner.TenantId, name, Ct));
        Assert.Equal([id], await RouteAsync(ApiKey));

        Assert.True((await delete.RunAsync(Operator.Console, owner.TenantId, name, Ct)).Ok);

        await RefusedAsync(owner, id, VaultError.NoTenantKey);
        Assert.Empty(await RouteAsync(ApiKey));
        Assert.Contains("tenant_keys_deleted", await AuditAsync(owner, owner.TenantId));
        Assert.True((await delete.RunAsync(Operator.Console, owner.TenantId, name, Ct)).Ok);
        Assert.NotNull((await Get<DeleteTenant>().ReadAsync(Operator.Console, owner.TenantId, Ct))!.KeysDeletedAt);

        // A backup of the main database is restored; that of the key store has expired.
        await Portal.Database.AdminAsync($"insert into app.tenant_keys (tenant_id, version, root_key_id, wrapped) values ('{owner.TenantId}', 1, 1, '\\x{Convert.ToHexString(backup)}')");
        await RefusedAsync(owner, id, VaultError.NoTenantKey);
        await using (var keys = Portal.Databases[DatabaseRole.Keys].CreateCommand($"insert into public.random_parts values ('{owner.TenantId}', '\\x{Convert.ToHexString(RandomNumberGenerator.GetBytes(32))}')"))
            await keys.ExecuteNonQueryAsync();
        await RefusedAsync(owner, id, VaultError.Tampered);
        await Portal.Database.AdminAsync($"delete from app.tenant_keys where tenant_id = '{owner.TenantId}'");
    }

    [Fact]
    public async Task Both_databases_without_the_root_key_give_nothing()
    {
        var (owner, id) = await MineAsync();
        var dump = await DumpAsync();

        foreach (var secret in (string[])[ApiKey, Secret])
        {
            Assert.DoesNotContain(secret, dump, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes(secret)), dump, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), dump, StringComparison.Ordinal);
        }
        Assert.Contains(owner.TenantId.ToString(), dump, StringComparison.Ordinal);
        await using var thief = With(_rootTwo);
        Assert.Equal(VaultError.UnknownRootKey, (await Assert.ThrowsAsync<VaultException>(() => OpenAsync(thief, owner, id))).Error);
        // The same id does not help: it is the key that counts.
        await using var other = With("1:" + _rootTwo[2..]);
        Assert.Equal(VaultError.Tampered, (await Assert.ThrowsAsync<VaultException>(() => OpenAsync(other, owner, id))).Error);
        await Assert.ThrowsAsync<VaultException>(() => other.GetRequiredService<Vault.Vault>().IndexAsync(Encoding.UTF8.GetBytes(ApiKey), Ct));
        var state = await other.GetRequiredService<VaultStatus>().RunAsync(check: true, Ct);
        Assert.Equal(state.Checked, state.Unreadable + state.Orphans);
        Assert.Equal(0, (await other.GetRequiredService<RewrapKeys>().RunAsync(Ct)).TenantKeys);
    }

    [Fact]
    public async Task A_staging_copy_opens_nothing_even_with_the_root_key()
    {
        var (owner, id) = await MineAsync();
        await using var staging = With(RootOne, "staging");

        Assert.Equal(VaultError.Tampered, (await Assert.ThrowsAsync<VaultException>(() => OpenAsync(staging, owner, id))).Error);
        await Assert.ThrowsAsync<VaultException>(() => staging.GetRequiredService<Vault.Vault>().IndexAsync(Encoding.UTF8.GetBytes(ApiKey), Ct));
        Assert.Equal("key_pair_unreadable", (await staging.GetRequiredService<CheckAgain>().RunAsync(owner, id, Ct)).Problems[0].Code);
        var state = await staging.GetRequiredService<VaultStatus>().RunAsync(check: true, Ct);
        Assert.Equal(state.Checked, state.Unreadable + state.Orphans);
    }

    [Fact]
    public async Task Openings_are_kept_by_tenant_purpose_and_hour_and_three_times_the_usual_is_said()
    {
        // They are counted by the hour: enough of this one must be left.
        while (await Portal.Database.AdminScalarAsync<bool>("select extract(epoch from clock_timestamp())::bigint % 3600 >= 3570"))
            await Task.Delay(500);
        var (owner, id) = await MineAsync();
        await Get<KeepOpenings>().RunAsync(Ct);
        for (var i = 0; i < 5; i++)
            await ApiKeyOfAsync(owner, id, 1);
        await Get<CheckAgain>().RunAsync(owner, id, Ct);
        await Get<KeepOpenings>().RunAsync(Ct);
        for (var i = 0; i < 3; i++)
            await ApiKeyOfAsync(owner, id, 1);
        await Get<KeepOpenings>().RunAsync(Ct);

        // Each opens two values: apikey and secret.
        Assert.Equal((16L, 2L), (await OpeningsAsync(owner, "sign"), await OpeningsAsync(owner, "check")));
        Assert.DoesNotContain(await Get<VaultStatus>().UnusualAsync(Ct), u => u.TenantId == owner.TenantId);
        await using var strict = Portal.Build(services => services.PostConfigure<VaultOptions>(o => o.UsualOpenings = 2));
        Assert.Equal([new UnusualOpening(owner.TenantId, "sign", 16, 2)], (await strict.GetRequiredService<VaultStatus>().UnusualAsync(Ct)).Where(u => u.TenantId == owner.TenantId));
        // So do the operators read it, by name.
        var (slug, name) = (await TextAsync("slug", owner), await TextAsync("name", owner));
        Assert.Equal([new UnusualRow(slug, name, "sign", 16, 2)], (await strict.GetRequiredService<SystemStatus>().RunAsync(Operator.Console, Ct)).Unusual.Where(u => u.Slug == slug));
        Assert.DoesNotContain((await Get<SystemStatus>().RunAsync(Operator.Console, Ct)).Unusual, u => u.Slug == slug);

        // Where six an hour are usual, sixteen are not three times as many.
        await Portal.Database.AdminAsync($"""
            insert into app.vault_openings (tenant_id, hour, purpose, openings)
            select '{owner.TenantId}', date_trunc('hour', now()) - n * interval '1 hour', 'sign', 6 from generate_series(1, 5) n
            """);
        Assert.DoesNotContain(await strict.GetRequiredService<VaultStatus>().UnusualAsync(Ct), u => u.TenantId == owner.TenantId);
        await Portal.Database.AdminAsync($"update app.vault_openings set openings = 19 where tenant_id = '{owner.TenantId}' and hour = date_trunc('hour', now()) and purpose = 'sign'");
        Assert.Equal([new UnusualOpening(owner.TenantId, "sign", 19, 6)], (await strict.GetRequiredService<VaultStatus>().UnusualAsync(Ct)).Where(u => u.TenantId == owner.TenantId));
    }

    [Fact]
    public async Task What_strangers_can_have_opened_as_often_as_they_like_rings_no_alarm()
    {
        await Portal.Database.AdminAsync("""
            insert into infra.vault_openings (hour, purpose, openings) values (date_trunc('hour', now()), 'parked-receipts', 5000000), (date_trunc('hour', now()), 'second-factor', 5000000)
            on conflict (hour, purpose) do update set openings = excluded.openings
            """);
        var purposes = (await Get<VaultStatus>().UnusualAsync(Ct)).Where(u => u.TenantId is null).Select(u => u.Purpose).ToList();
        Assert.Contains("second-factor", purposes);
        Assert.DoesNotContain("parked-receipts", purposes);
        await Portal.Database.AdminAsync("delete from infra.vault_openings where purpose in ('parked-receipts', 'second-factor')");
    }

    private async Task<(Member Owner, Guid Id)> MineAsync()
    {
        var owner = await NewTenantAsync();
        return (owner, (await AddAsync(owner)).Value);
    }

    private ServiceProvider With(string roots, string environment = "test") => Portal.Build(services => services.AddSingleton<IConfiguration>(
        new ConfigurationBuilder().AddConfiguration(services.BuildServiceProvider().GetRequiredService<IConfiguration>()).AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Portal:Vault:RootKeys"] = roots,
            ["Portal:Vault:Environment"] = environment,
        }).Build()));

    private async Task<string> ApiKeyOfAsync(Member owner, Guid id, int version)
    {
        using var opened = await Get<AccountKeys>().OpenAsync(owner.Scope, id, version, KeyPairPurpose.Sign, Ct);
        return Encoding.UTF8.GetString(opened!.Pair.ApiKey);
    }

    private static Task<OpenedKeyPair?> OpenAsync(IServiceProvider services, Member owner, Guid id) =>
        services.GetRequiredService<AccountKeys>().OpenAsync(owner.Scope, id, version: null, KeyPairPurpose.Sign, Ct);

    private async Task RefusedAsync(Member owner, Guid id, VaultError error) =>
        Assert.Equal(error, (await Assert.ThrowsAsync<VaultException>(() => Get<AccountKeys>().OpenAsync(owner.Scope, id, version: 1, KeyPairPurpose.Sign, Ct))).Error);

    private Task<byte[]> WrappedAsync(Member owner) => Portal.Database.AdminScalarAsync<byte[]>($"select wrapped from app.tenant_keys where tenant_id = '{owner.TenantId}'");

    private Task<string> TextAsync(string column, Member owner) => Portal.Database.AdminScalarAsync<string>($"select {column} from ident.tenants where id = '{owner.TenantId}'");

    private Task<int> RootOfAsync(Member owner) => Portal.Database.AdminScalarAsync<int>($"select root_key_id from app.tenant_keys where tenant_id = '{owner.TenantId}'");

    private Task<byte[][]> SecretsAsync(Member owner) =>
        Portal.Database.AdminScalarAsync<byte[][]>($"select array_agg(secret order by version) || array_agg(api_key order by version) from app.account_secrets where tenant_id = '{owner.TenantId}'");

    private Task<long> OpeningsAsync(Member owner, string purpose) => Portal.Database.AdminScalarAsync<long>(
        $"select coalesce(sum(openings), 0)::bigint from app.vault_openings where tenant_id = '{owner.TenantId}' and purpose = '{purpose}'");

    private async Task<Guid[]> WithOlderKeysAsync()
    {
        await using var command = Portal.Databases[DatabaseRole.Dispatch].CreateCommand("select array(select tenant_id from infra.tenants_with_older_keys())");
        return (Guid[])(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Every row of every table of both databases, as text.</summary>
    private async Task<string> DumpAsync()
    {
        var dump = new StringBuilder();
        var main = Portal.Database.Options.ConnectionString;
        foreach (var address in (string[])[main, new NpgsqlConnectionStringBuilder(main) { Database = Portal.Database.Options.KeyStore }.ConnectionString])
        {
            await using var connection = new NpgsqlConnection(address);
            await connection.OpenAsync();
            var tables = new List<string>();
            await using (var list = new NpgsqlCommand("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')", connection))
            await using (var reader = await list.ExecuteReaderAsync())
            {
                while (await reader.ReadAsync())
                    tables.Add(reader.GetString(0));
            }
            foreach (var table in tables)
            {
                await using var rows = new NpgsqlCommand($"select coalesce(string_agg(t::text, E'\\n'), '') from {table} t", connection);
                dump.AppendLine((string)(await rows.ExecuteScalarAsync())!);
            }
        }
        return dump.ToString();
    }
}
