using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.Dispatch;
using Portal.Members;
using Portal.Tenants;
using Portal.Vault;

namespace Portal.IntegrationTests.Restore;

/// <summary>
/// A backup of the database by <c>pg_dump</c> holds every row that a tenant's secrets need, but for the random part in the key store:
/// once that is deleted, whoever restores the dump opens nothing, with the root key and all.
/// </summary>
public sealed class DeletedKeysTests
{
    private static readonly byte[] _value = Encoding.UTF8.GetBytes("a secret of the other tenant");

    private static CancellationToken Ct => CancellationToken.None;

    [Fact]
    public async Task A_dump_from_before_opens_nothing_of_the_tenant_in_another_database_and_everything_of_the_others()
    {
        await using var rig = await RestoreRig.CreateAsync();
        var (gone, account) = (rig.Owner, rig.Account);
        var other = Guid.CreateVersion7();
        await rig.Cluster.SqlAsync($"insert into ident.tenants (id, slug, name, state, created_at) values ('{other}', 'other', 'Other', 'active', now()); insert into app.tenant_settings (tenant_id, time_zone, country, undo_seconds, doubt_pause) values ('{other}', 'UTC', 'CN', 0, 3)");
        await rig.Get<Vault.Vault>().CreateTenantKeyAsync(other, Ct);
        var place = new VaultField(other, "account_secrets", "secret", other, VaultOrigin.Of(new("https://sms.example.com")));
        var blob = await rig.Get<Vault.Vault>().SealAsync(place, _value, Ct);
        await rig.StopPortalAsync();
        await rig.Cluster.DumpAsync("before");
        await rig.Cluster.DumpAsync("keys-before", "portal_keys");

        await using (var portal = Build(rig, rig.Cluster.Options()))
        {
            Assert.NotNull(await SecretAsync(portal, gone, account));
            var by = new Operator(Guid.Empty, "Olive") { Confirmed = true };
            Assert.True((await portal.GetRequiredService<SuspendTenant>().RunAsync(by, gone.TenantId, "it ends", Ct)).Ok);
            Assert.True((await portal.GetRequiredService<DeleteTenantKeys>().RunAsync(by, gone.TenantId, "Rig", Ct)).Ok);
            await Assert.ThrowsAsync<VaultException>(() => SecretAsync(portal, gone, account));
        }

        await rig.Cluster.RestoreDumpAsync("before", "restored");
        await using (var restored = Build(rig, rig.Cluster.Options("restored")))
        {
            // All of it is there: the tenant as it was, its sealed pair, its wrapped key.
            Assert.Equal("active 1 1", await TextAsync(restored, gone, """
                select (select state from ident.tenants where id = $1) || ' ' || (select count(*) from app.account_secrets where tenant_id = $1) || ' ' || (select count(*) from app.tenant_keys where tenant_id = $1)
                """));
            Assert.Equal(VaultError.NoTenantKey, (await Assert.ThrowsAsync<VaultException>(() => SecretAsync(restored, gone, account))).Error);
            using var opened = await restored.GetRequiredService<Vault.Vault>().OpenAsync(place, blob, "test", Ct);
            Assert.Equal(_value, opened.Bytes.ToArray());
        }

        // It is the key store alone that stands between: with a dump of that from before, which is kept a week, the pair opens.
        await rig.Cluster.LoadDumpAsync("keys-before", "older_keys");
        await using var both = Build(rig, rig.Cluster.Options("restored", "older_keys"));
        Assert.Equal("0123456789abcdef0123456789abcdef", await SecretAsync(both, gone, account));
    }

    private static ServiceProvider Build(RestoreRig rig, DatabaseOptions database) => PortalFixture.Build(database, rig.FenceDirectory, services => { });

    private static async Task<string?> SecretAsync(ServiceProvider portal, Member owner, Guid account)
    {
        using var opened = await portal.GetRequiredService<AccountKeys>().OpenAsync(owner.Scope, account, version: null, KeyPairPurpose.Sign, Ct);
        return opened is null ? null : Encoding.UTF8.GetString(opened.Pair.Secret);
    }

    private static async Task<string?> TextAsync(ServiceProvider portal, Member owner, string sql)
    {
        await using var admin = new Npgsql.NpgsqlConnection(portal.GetRequiredService<Microsoft.Extensions.Options.IOptions<DatabaseOptions>>().Value.ConnectionString);
        await admin.OpenAsync();
        return await admin.ScalarAsync<string>(Ct, sql, owner.TenantId);
    }
}
