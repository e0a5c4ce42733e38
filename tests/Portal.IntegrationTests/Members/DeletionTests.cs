using System.IO.Compression;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Contacts;
using Portal.Data;
using Portal.IntegrationTests.Isolation;
using Portal.Members;
using Portal.Tenants;
using Portal.Vault;
using Portal.Web.Admin;

namespace Portal.IntegrationTests.Members;

/// <summary>A tenant's end: the countdown, what is taken along, and that nothing stays.</summary>
[Collection(WholePortal.Name)]
public sealed class DeletionTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    private static readonly Operator _by = new(Guid.Empty, "Olive") { Confirmed = true };

    [Fact]
    public async Task It_is_asked_for_by_name_and_can_be_called_off()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var delete = portal.Services.GetRequiredService<DeleteTenant>();

        await Assert.ThrowsAsync<NotConfirmedException>(() => delete.AskAsync(_by with { Confirmed = false }, team.Tenant.Id, "Company " + team.Tenant.Slug, CancellationToken.None));
        Assert.Equal("name_differs", (await delete.AskAsync(_by, team.Tenant.Id, "something else", CancellationToken.None)).Problems[0].Code);
        var at = (await delete.AskAsync(_by, team.Tenant.Id, "Company " + team.Tenant.Slug, CancellationToken.None)).Value;
        Assert.Equal("deletion_asked", (await delete.AskAsync(_by, team.Tenant.Id, "Company " + team.Tenant.Slug, CancellationToken.None)).Problems[0].Code);
        Assert.InRange((at - TimeProvider.System.GetUtcNow()).TotalDays, 6.9, 7.0);
        // Nothing of it happens before its time.
        await EraseAsync();
        Assert.True((await delete.CallOffAsync(_by, team.Tenant.Id, CancellationToken.None)).Ok);
        Assert.Equal("deletion_not_asked", (await delete.CallOffAsync(_by, team.Tenant.Id, CancellationToken.None)).Problems[0].Code);

        Assert.Equal("owner", await team.RoleAsync(team.Owner.UserId));
        Assert.NotNull(await team.AuditAsync("deletion_asked"));
        Assert.NotNull(await team.AuditAsync("deletion_called_off"));
    }

    [Fact]
    public async Task When_it_is_due_every_row_and_every_key_goes_and_the_others_keep_theirs()
    {
        var (gone, stays) = (await new TeamRig(portal).BeginAsync(), await new TeamRig(portal).BeginAsync());
        await using (var admin = await portal.Database.OpenAdminAsync())
        {
            var tables = await TenantTables.ReadAsync(admin);
            Assert.True(tables.Count > 20, "The catalogue has fewer tenant tables than the portal needs.");
            await ExecuteAsync(admin, "set session_replication_role = replica");
            foreach (var tenant in (TeamRig[])[gone, stays])
            {
                foreach (var table in tables.Where(t => t.Name is not ("tenant_settings" or "tenant_keys" or "trials" or "audit_heads" or "audit_links")))
                    await ExecuteAsync(admin, TenantTables.InsertOf(table, tenant.Tenant.Id));
            }
        }
        await gone.InviteAsync(gone.Owner, $"i{Guid.NewGuid():N}@example.test");
        var before = await CountsAsync(stays);
        var sealedBefore = await SealAsync(gone);
        await portal.Database.AdminAsync($"insert into infra.apikey_index (index_version, hash, origin, tenant_id, account_id, key_version, held) values (1, 'x', 'https://a.test:443', '{gone.Tenant.Id}', gen_random_uuid(), 1, false)");
        await DueAsync(gone);

        await EraseAsync();
        // Its secrets are unreadable at once; its rows wait until open requests have ended.
        await Assert.ThrowsAsync<VaultException>(() => OpenAsync(gone, sealedBefore));
        Assert.Equal(0L, await portal.Database.AdminScalarAsync<long>($"select count(*) from infra.apikey_index where tenant_id = '{gone.Tenant.Id}'"));
        Assert.Equal("deletion_begun", (await portal.Services.GetRequiredService<DeleteTenant>().CallOffAsync(_by, gone.Tenant.Id, CancellationToken.None)).Problems[0].Code);
        Assert.NotEqual(0, (await CountsAsync(gone)).Values.Sum());
        await portal.Database.AdminAsync($"update ident.tenants set deleting_since = deleting_since - interval '10 minutes' where id = '{gone.Tenant.Id}'");
        await EraseAsync();

        Assert.All(await CountsAsync(gone), table => Assert.Equal(0, table.Value));
        foreach (var table in (string[])["memberships", "invitations"])
            Assert.Equal(0L, await portal.Database.AdminScalarAsync<long>($"select count(*) from ident.{table} where tenant_id = '{gone.Tenant.Id}'"));
        Assert.Equal(0L, await portal.Database.AdminScalarAsync<long>($"select count(*) from ident.tenants where id = '{gone.Tenant.Id}'"));
        Assert.Equal(before, await CountsAsync(stays));
        Assert.Equal(1L, await portal.Database.AdminScalarAsync<long>(
            $"select count(*) from app.audit_entries where tenant_id = '{Guid.Empty}' and action = 'tenant_deleted' and subject_id = '{gone.Tenant.Id}'"));
        var own = (await portal.Services.GetRequiredService<VerifyAudit>().RunAsync(Operator.Console, null, CancellationToken.None)).Value.Single(v => v.TenantId == Guid.Empty);
        Assert.Empty(own.Faults);
    }

    [Fact]
    public async Task However_many_operators_ask_at_once_there_is_one_countdown_and_one_entry()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var delete = portal.Services.GetRequiredService<DeleteTenant>();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => delete.AskAsync(_by, team.Tenant.Id, "Company " + team.Tenant.Slug, CancellationToken.None)));

        Assert.Single(answers, a => a.Ok);
        Assert.DoesNotContain(';', (await team.AuditAsync("deletion_asked"))!);
    }

    [Fact]
    public async Task Once_begun_nobody_lets_it_go_on()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var browser = await portal.SignedInAsync(team.Tenant.OwnerEmail);
        await DueAsync(team);
        await EraseAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync($"/t/{team.Tenant.Slug}/campaigns")).StatusCode);

        Assert.Equal("deletion_begun", (await portal.Services.GetRequiredService<ResumeTenant>().RunAsync(_by, team.Tenant.Id, CancellationToken.None)).Problems[0].Code);
        Assert.Equal("suspended", await portal.Database.AdminScalarAsync<string>($"select state from ident.tenants where id = '{team.Tenant.Id}'"));
        Assert.Null(await team.AuditAsync("tenant_resumed"));

        // Its rows go piece by piece: a page that is asked for between two of them is not there.
        await portal.Database.AdminAsync($"delete from app.tenant_settings where tenant_id = '{team.Tenant.Id}'");
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/t/{team.Tenant.Slug}/campaigns")).StatusCode);
    }

    /// <summary>Whoever restores an older backup of the database has the keys' wrapped rows and the root key, and still opens nothing.</summary>
    [Fact]
    public async Task A_dump_from_before_opens_nothing_without_one_of_the_key_store()
    {
        var (gone, stays) = (await new TeamRig(portal).BeginAsync(), await new TeamRig(portal).BeginAsync());
        var (ofGone, ofStays) = (await SealAsync(gone), await SealAsync(stays));
        var keys = await portal.Database.AdminScalarAsync<string>("select json_agg(k)::text from app.tenant_keys k");
        var part = await PartAsync(gone, "select part from public.random_parts where tenant_id = $1");
        await DueAsync(gone);
        await EraseAsync();
        await portal.Database.AdminAsync($"update ident.tenants set deleting_since = deleting_since - interval '10 minutes' where id = '{gone.Tenant.Id}'");
        await EraseAsync();
        Assert.Null(await PartAsync(gone, "select part from public.random_parts where tenant_id = $1"));

        await RestoreAsync(keys);

        Assert.Equal(VaultError.NoTenantKey, (await Assert.ThrowsAsync<VaultException>(() => OpenAsync(gone, ofGone))).Error);
        await OpenAsync(stays, ofStays);
        // What is left until the backups of the key store have expired: with both, and with the root key, it opens.
        await PartAsync(gone, "insert into public.random_parts (tenant_id, part) values ($1, $2)", part!);
        await OpenAsync(gone, ofGone);
        await PartAsync(gone, "delete from public.random_parts where tenant_id = $1");
        await portal.Database.AdminAsync($"delete from app.tenant_keys where tenant_id = '{gone.Tenant.Id}'");
    }

    [Fact]
    public async Task The_console_begins_a_countdown_calls_it_off_and_deletes_keys_alone()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (slug, name) = (team.Tenant.Slug, "Company " + team.Tenant.Slug);
        var blob = await SealAsync(team);
        var (tenants, keys) = (portal.Services.GetRequiredService<TenantList>(), portal.Services.GetRequiredService<DeleteTenantKeys>());
        var verbs = new TenantVerbs(tenants, portal.Services.GetRequiredService<DeleteTenant>(), keys);

        Assert.Equal("tenant_unknown", (await verbs.DeleteAsync("no-such-tenant", name, CancellationToken.None)).Problems[0].Code);
        Assert.Equal("name_differs", (await verbs.DeleteAsync(slug, slug, CancellationToken.None)).Problems[0].Code);
        Assert.StartsWith($"tenant {slug}\ndeletion begins 20", (await verbs.DeleteAsync(slug, name, CancellationToken.None)).Value.ToLines(), StringComparison.Ordinal);
        Assert.Equal($"tenant {slug}\ndeletion called off", (await verbs.KeepAsync(slug, CancellationToken.None)).Value.ToLines());
        Assert.Equal("tenant_not_suspended", (await verbs.DestroyAsync(slug, name, CancellationToken.None)).Problems[0].Code);
        await OpenAsync(team, blob);

        await portal.Services.GetRequiredService<SuspendTenant>().RunAsync(_by, team.Tenant.Id, "leak", CancellationToken.None);
        Assert.Equal($"tenant {slug}\nkeys deleted: nothing of it opens again", (await verbs.DestroyAsync(slug, name, CancellationToken.None)).Value.ToLines());
        await Assert.ThrowsAsync<VaultException>(() => OpenAsync(team, blob));
        Assert.NotNull(await team.AuditAsync("tenant_keys_deleted"));
    }

    [Fact]
    public async Task A_tenant_that_is_not_being_deleted_cannot_be_erased()
    {
        var team = await new TeamRig(portal).BeginAsync();
        await using var command = portal.Services.GetRequiredService<Databases>()[DatabaseRole.Operator].CreateCommand("select infra.erase_tenant($1, 10)");
        command.Parameters.Add(new() { Value = team.Tenant.Id });

        Assert.Equal("28000", (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteScalarAsync())).SqlState);
    }

    [Fact]
    public async Task An_owner_takes_everything_along_but_no_secret()
    {
        var team = await new TeamRig(portal).BeginAsync();
        await team.UseAsync<CreateList, Result<Guid>>(c => c.RunAsync(team.Owner, new("Guests"), CancellationToken.None));
        var browser = await portal.SignedInAsync(team.Tenant.OwnerEmail);

        var answer = await browser.GetAsync($"/t/{team.Tenant.Slug}/export.zip");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await using var zip = await ZipArchive.CreateAsync(await answer.Content.ReadAsStreamAsync(), ZipArchiveMode.Read, leaveOpen: false, null);
        var names = zip.Entries.Select(e => e.FullName).ToList();
        foreach (var name in (string[])["lists.jsonl", "contacts.jsonl", "messages.jsonl", "receipts.jsonl", "campaigns.jsonl", "audit_entries.jsonl", "team.json"])
            Assert.Contains(name, names);
        Assert.DoesNotContain(names, n => n.StartsWith("account_secrets", StringComparison.Ordinal) || n.StartsWith("tenant_keys", StringComparison.Ordinal));
        using var list = new StreamReader(await zip.GetEntry("lists.jsonl")!.OpenAsync());
        Assert.Contains("\"name\":\"Guests\"", await list.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.NotNull(await team.AuditAsync("data_exported"));
        Assert.NotNull((await portal.Services.GetRequiredService<DeleteTenant>().ReadAsync(_by, team.Tenant.Id, CancellationToken.None))!.ExportedAt);
    }

    [Fact]
    public async Task An_export_can_be_cancelled_and_only_an_owner_who_showed_who_they_are_gets_one()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (manager, email) = await team.AddAsync(MemberRole.Manager);
        Assert.Equal(HttpStatusCode.NotFound, (await (await portal.SignedInAsync(email)).GetAsync($"/t/{team.Tenant.Slug}/export.zip")).StatusCode);
        var browser = await portal.SignedInAsync(team.Tenant.OwnerEmail);
        await portal.Database.AdminAsync($"update ident.sessions set confirmed_at = now() - interval '1 hour' where user_id = '{team.Owner.UserId}'");
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync($"/t/{team.Tenant.Slug}/export.zip")).StatusCode);
        var export = portal.Services.GetRequiredService<ExportTenant>();
        await Assert.ThrowsAsync<NotConfirmedException>(() => export.RunAsync(team.Owner with { Confirmed = false }, () => Stream.Null, CancellationToken.None));
        await Assert.ThrowsAsync<NotAllowedException>(() => export.RunAsync(manager, () => Stream.Null, CancellationToken.None));

        // Cancelled by the page while it runs: what was opened gets no end that makes a zip of it.
        var runs = portal.Services.GetRequiredService<ExportRuns>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => export.RunAsync(
            team.Owner,
            () =>
            {
                runs.Of(team.Owner)!.Cancel();
                return new MemoryStream();
            },
            CancellationToken.None));
        Assert.Null(runs.Of(team.Owner));
        Assert.True(await export.RunAsync(team.Owner, () => new NoSync(), CancellationToken.None));
    }

    [Fact]
    public async Task An_operators_bound_on_countries_holds_whatever_the_tenant_chooses()
    {
        var team = await new TeamRig(portal).BeginAsync();
        await using var scope = portal.Services.CreateAsyncScope();
        var (bound, reach) = (scope.ServiceProvider.GetRequiredService<BoundCountries>(), scope.ServiceProvider.GetRequiredService<TenantReach>());
        Assert.Equal("country_unknown", (await bound.RunAsync(_by, team.Tenant.Id, ["XX"], CancellationToken.None)).Problems[0].Code);
        Assert.Equal("tenant_unknown", (await bound.RunAsync(_by, Guid.NewGuid(), ["CN"], CancellationToken.None)).Problems[0].Code);

        Assert.True((await bound.RunAsync(_by, team.Tenant.Id, ["th", "CN", "cn"], CancellationToken.None)).Ok);
        await scope.ServiceProvider.GetRequiredService<ChangeCountries>().RunAsync(team.Owner, ["TH", "SG"], CancellationToken.None);
        Assert.Equal(["CN", "TH"], await AllowedAsync());
        Assert.Equal(["CN", "TH"], (await reach.RunAsync(_by, team.Tenant.Id, CancellationToken.None)).Countries);

        // Saved as it is: nothing to tell.
        Assert.True((await bound.RunAsync(_by, team.Tenant.Id, ["CN", "TH"], CancellationToken.None)).Ok);
        Assert.True((await bound.RunAsync(_by, team.Tenant.Id, [], CancellationToken.None)).Ok);
        Assert.Equal(["CN", "SG", "TH"], await AllowedAsync());
        Assert.Equal("any|CN TH;CN TH|any", await team.AuditAsync("countries_bounded"));

        async Task<IEnumerable<string>> AllowedAsync() =>
            (await portal.Database.AdminScalarAsync<string[]>($"select app.allowed_countries('{team.Tenant.Id}')")).Order(StringComparer.Ordinal);
    }

    /// <summary>The countdown is over.</summary>
    private async Task DueAsync(TeamRig team)
    {
        await portal.Services.GetRequiredService<DeleteTenant>().AskAsync(_by, team.Tenant.Id, "Company " + team.Tenant.Slug, CancellationToken.None);
        await portal.Database.AdminAsync($"update ident.tenants set delete_at = now() - interval '1 minute' where id = '{team.Tenant.Id}'");
    }

    /// <summary>Puts back what a dump had of the keys and is gone since.</summary>
    private async Task RestoreAsync(string keys)
    {
        await using var admin = await portal.Database.OpenAdminAsync();
        await using var command = new NpgsqlCommand("insert into app.tenant_keys select * from json_populate_recordset(null::app.tenant_keys, $1::json) on conflict do nothing", admin);
        command.Parameters.Add(new() { Value = keys });
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync());
    }

    private async Task<byte[]?> PartAsync(TeamRig team, string sql, params object[] values)
    {
        await using var command = portal.Services.GetRequiredService<Databases>()[DatabaseRole.Keys].CreateCommand(sql);
        foreach (var value in (object[])[team.Tenant.Id, .. values])
            command.Parameters.Add(new() { Value = value });
        return (byte[]?)await command.ExecuteScalarAsync();
    }

    private async Task EraseAsync() => await portal.Services.GetRequiredService<EraseTenants>().SweepAsync(CancellationToken.None);

    private static VaultField FieldOf(TeamRig team) =>
        new(team.Tenant.Id, "account_secrets", "secret", team.Tenant.Id, VaultOrigin.Of(new("https://sms.example.com")));

    private Task<byte[]> SealAsync(TeamRig team) =>
        portal.Services.GetRequiredService<Vault.Vault>().SealAsync(FieldOf(team), new byte[] { 1, 2, 3 }, CancellationToken.None);

    private async Task OpenAsync(TeamRig team, byte[] blob)
    {
        using var opened = await portal.Services.GetRequiredService<Vault.Vault>().OpenAsync(FieldOf(team), blob, "test", CancellationToken.None);
    }

    private async Task<SortedDictionary<string, long>> CountsAsync(TeamRig team)
    {
        await using var admin = await portal.Database.OpenAdminAsync();
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in await TenantTables.ReadAsync(admin))
            counts[table.Name] = await portal.Database.AdminScalarAsync<long>($"select count(*) from app.{table.Name} where tenant_id = '{team.Tenant.Id}'");
        return counts;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>As an answer's body: it blocks no thread.</summary>
    private sealed class NoSync : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => throw new InvalidOperationException("Synchronous.");

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("Synchronous.");

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.CompletedTask;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
