using System.Text;
using Npgsql;
using Portal.Accounts;
using Portal.Data;
using Portal.Tenants;
using Portal.Vault;

namespace Portal.IntegrationTests.Accounts;

public sealed class KeyPairTests(PortalFixture portal) : AccountsTest(portal)
{
    private const string NewSecret = "fedcba9876543210fedcba9876543210";

    [Fact]
    public async Task A_stored_pair_opens_byte_for_byte()
    {
        var member = await NewTenantAsync();
        var id = (await AddAsync(member)).Value;

        using var opened = await Get<AccountKeys>().OpenAsync(member.Scope, id, version: null, KeyPairPurpose.Sign, Ct);

        Assert.Equal(1, opened!.Version);
        Assert.Equal(ApiKey, Encoding.UTF8.GetString(opened.Pair.ApiKey));
        Assert.Equal(Secret, Encoding.UTF8.GetString(opened.Pair.Secret));
        Assert.Equal(new Uri(BaseAddress), opened.BaseAddress);
        Assert.Equal("***", opened.ToString());
    }

    [Fact]
    public async Task No_byte_of_a_pair_stands_in_clear_in_the_database()
    {
        var member = await NewTenantAsync();
        await AddAsync(member);

        var row = await Portal.Database.AdminScalarAsync<byte[]>($"select api_key || secret from app.account_secrets where tenant_id = '{member.TenantId}'");

        Assert.Equal(-1, row.AsSpan().IndexOf(Encoding.UTF8.GetBytes(ApiKey)));
        Assert.Equal(-1, row.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)));
        Assert.Equal(-1, row.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret[..8])));
    }

    [Fact]
    public async Task The_apps_role_cannot_read_a_sealed_pair()
    {
        var member = await NewTenantAsync();
        await AddAsync(member);
        await using var connection = await Portal.Databases.OpenAsync(DatabaseRole.App, member.Scope, Ct);

        foreach (var table in (string[])["app.account_secrets", "app.tenant_keys", "infra.apikey_index", "infra.system_keys"])
        {
            await using var command = new NpgsqlCommand($"select count(*) from {table}", connection);
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteScalarAsync());
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
    }

    [Theory]
    [InlineData("update app.accounts set base_address = 'https://thief.example.com' where id = '{0}'")]
    [InlineData("update app.accounts set base_address = replace(base_address, 'http:', 'https:') where id = '{0}'")]
    [InlineData("update app.account_secrets set api_key = secret, secret = api_key where account_id = '{0}'")]
    [InlineData("update app.account_secrets s set api_key = o.api_key, secret = o.secret from app.account_secrets o where s.account_id = '{0}' and o.account_id = '{1}'")]
    [InlineData("update app.account_secrets s set api_key = o.api_key, secret = o.secret from app.account_secrets o where s.account_id = '{0}' and o.account_id = '{2}'")]
    public async Task What_was_changed_behind_the_portals_back_does_not_open(string change)
    {
        var member = await NewTenantAsync();
        var id = (await AddAsync(member)).Value;
        var sibling = (await AddAsync(member, Input(label: "Sibling"))).Value;
        var foreign = (await AddAsync(await NewTenantAsync())).Value;

        await Portal.Database.AdminAsync(change.Replace("{0}", id.ToString(), StringComparison.Ordinal)
            .Replace("{1}", sibling.ToString(), StringComparison.Ordinal).Replace("{2}", foreign.ToString(), StringComparison.Ordinal));

        var refusal = await Assert.ThrowsAsync<VaultException>(() => Get<AccountKeys>().OpenAsync(member.Scope, id, version: null, KeyPairPurpose.Sign, Ct));
        Assert.Equal(VaultError.Tampered, refusal.Error);
        Assert.Equal("key_pair_unreadable", Assert.Single((await Get<CheckAgain>().RunAsync(member, id, Ct)).Problems).Code);
    }

    [Fact]
    public async Task An_older_pair_does_not_open_in_a_newer_ones_place()
    {
        var (member, id, _) = await RotatedAsync();

        await Portal.Database.AdminAsync($"""
            update app.account_secrets s set api_key = o.api_key, secret = o.secret
            from app.account_secrets o where s.account_id = '{id}' and s.version = 2 and o.account_id = '{id}' and o.version = 1
            """);

        await Assert.ThrowsAsync<VaultException>(() => Get<AccountKeys>().OpenAsync(member.Scope, id, version: null, KeyPairPurpose.Sign, Ct));
    }

    [Fact]
    public async Task Two_pairs_overlap_while_a_tenant_rotates()
    {
        var (member, id, newKey) = await RotatedAsync();

        using var newest = await Get<AccountKeys>().OpenAsync(member.Scope, id, version: null, KeyPairPurpose.Sign, Ct);
        using var older = await Get<AccountKeys>().OpenAsync(member.Scope, id, version: 1, KeyPairPurpose.Sign, Ct);

        Assert.Equal((2, newKey), (newest!.Version, Encoding.UTF8.GetString(newest.Pair.ApiKey)));
        Assert.Equal((1, ApiKey), (older!.Version, Encoding.UTF8.GetString(older.Pair.ApiKey)));
        Assert.Equal([id], await RouteAsync(newKey));
        Assert.Equal([id], await RouteAsync(ApiKey));
        Assert.Equal([KeyPairUse.Signs, KeyPairUse.Replaced], (await PageAsync(member, id)).KeyPairs.Select(k => k.Use));
    }

    [Fact]
    public async Task The_same_apikey_with_a_new_secret_is_a_new_pair()
    {
        var member = await NewTenantAsync();
        var id = (await AddAsync(member)).Value;
        await AtProviderAsync(ApiKey, NewSecret);

        Assert.True((await ReplaceAsync(member, id, ApiKey)).Value.Passed);

        using var newest = await Get<AccountKeys>().OpenAsync(member.Scope, id, version: null, KeyPairPurpose.Sign, Ct);
        Assert.Equal((2, NewSecret), (newest!.Version, Encoding.UTF8.GetString(newest.Pair.Secret)));
        Assert.Equal([id], await RouteAsync(ApiKey));
    }

    [Fact]
    public async Task A_wrong_new_pair_is_not_saved_and_the_older_one_goes_on()
    {
        var member = await NewTenantAsync();
        var id = (await AddAsync(member)).Value;

        var result = await ReplaceAsync(member, id, ApiKey);

        Assert.Equal(("Secret", "wrong_key_pair"), (Assert.Single(result.Problems).Field, result.Problems[0].Code));
        var page = await PageAsync(member, id);
        Assert.Equal((AccountState.Active, 1), (page.State, page.KeyPairs.Count));
    }

    [Fact]
    public async Task A_new_pair_that_is_not_let_in_yet_waits_while_the_older_one_signs()
    {
        var member = await NewTenantAsync();
        var id = (await AddAsync(member)).Value;
        var newKey = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        await AtProviderAsync(newKey, NewSecret, whitelist: "203.0.113.7");

        Assert.Equal("204", (await ReplaceAsync(member, id, newKey)).Value.Code);

        using var signing = await Get<AccountKeys>().OpenAsync(member.Scope, id, version: null, KeyPairPurpose.Sign, Ct);
        Assert.Equal(1, signing!.Version);
        var page = await PageAsync(member, id);
        Assert.Equal(AccountState.Active, page.State);
        Assert.Equal([KeyPairUse.Waits, KeyPairUse.Signs], page.KeyPairs.Select(k => k.Use));
    }

    [Fact]
    public async Task A_new_pair_lets_an_account_go_on_that_the_older_one_stopped()
    {
        var member = await NewTenantAsync();
        var id = (await AddAsync(member)).Value;
        await AtProviderAsync(ApiKey, NewSecret);
        Assert.Equal("102", (await Get<CheckAgain>().RunAsync(member, id, Ct)).Value.Code);
        Assert.Equal(AccountState.Stopped, (await PageAsync(member, id)).State);

        Assert.True((await ReplaceAsync(member, id, ApiKey)).Value.Passed);

        Assert.Equal(AccountState.Active, (await PageAsync(member, id)).State);
    }

    [Fact]
    public async Task A_second_tenant_that_proves_the_same_apikey_waits_for_the_operator()
    {
        var first = await NewTenantAsync();
        var second = await NewTenantAsync();
        var mine = (await AddAsync(first)).Value;

        var held = (await AddAsync(second)).Value;

        var page = await PageAsync(second, held);
        Assert.Equal((AccountState.Stopped, "held"), (page.State, page.StoppedCode));
        var pair = Assert.Single(page.KeyPairs);
        Assert.Equal((KeyPairUse.Waits, null), (pair.Use, pair.ProvenAt));
        Assert.Null(await Get<AccountKeys>().OpenAsync(second.Scope, held, version: null, KeyPairPurpose.Sign, Ct));
        Assert.Equal([mine], await RouteAsync(ApiKey));

        Assert.True((await Get<CheckAgain>().RunAsync(second, held, Ct)).Ok);
        Assert.Equal("held", (await PageAsync(second, held)).StoppedCode);
        Assert.Equal(AccountState.Active, (await PageAsync(first, mine)).State);
    }

    [Fact]
    public async Task Deleting_a_tenants_keys_closes_its_pairs_for_good()
    {
        var member = await NewTenantAsync();
        var id = (await AddAsync(member)).Value;

        await Get<Vault.Vault>().DeleteTenantAsync(member.TenantId, Ct);

        var refusal = await Assert.ThrowsAsync<VaultException>(() => Get<AccountKeys>().OpenAsync(member.Scope, id, version: null, KeyPairPurpose.Sign, Ct));
        Assert.Equal(VaultError.NoTenantKey, refusal.Error);
    }

    private async Task<(Member Member, Guid Id, string NewKey)> RotatedAsync()
    {
        var member = await NewTenantAsync();
        var id = (await AddAsync(member)).Value;
        var newKey = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        await AtProviderAsync(newKey, NewSecret);
        Assert.True((await ReplaceAsync(member, id, newKey)).Value.Passed);
        return (member, id, newKey);
    }

    private Task<Result<CheckOutcome>> ReplaceAsync(Member member, Guid id, string apiKey) =>
        Get<ReplaceKeyPair>().RunAsync(member, id, new TypedKeyPair(apiKey, NewSecret), Ct);
}
