using System.Text;
using Npgsql;
using Portal.Accounts;
using Portal.Tenants;
using Portal.Vault;

namespace Portal.IntegrationTests.Accounts;

/// <summary>Whatever is changed in, or moved between, the real tables opens nothing: every bit, every place.</summary>
public sealed class TamperTests(PortalFixture portal) : AccountsTest(portal)
{
    private const string NewSecret = "fedcba9876543210fedcba9876543210";

    [Theory]
    [InlineData("app.account_secrets", "api_key")]
    [InlineData("app.account_secrets", "secret")]
    [InlineData("app.tenant_keys", "wrapped")]
    [InlineData("public.random_parts", "part")]
    public async Task No_value_opens_with_any_bit_flipped(string table, string column)
    {
        var owner = await NewTenantAsync();
        var id = (await AddAsync(owner)).Value;
        await using var connection = new NpgsqlConnection(table.StartsWith("public", StringComparison.Ordinal) ? KeyStore : Portal.Database.Admin);
        await connection.OpenAsync();
        var value = await BytesAsync(connection, $"select {column} from {table} where tenant_id = '{owner.TenantId}'");

        var (tried, refused) = (0, 0);
        for (var bit = 0; bit < value.Length * 8; bit++)
        {
            var changed = value.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            await PutAsync(connection, $"update {table} set {column} = $1 where tenant_id = '{owner.TenantId}'", changed);
            (tried, refused) = (tried + 1, refused + (await OpensAsync(owner, id, 1) ? 0 : 1));
        }

        Assert.Equal((value.Length * 8, value.Length * 8), (tried, refused));
        await PutAsync(connection, $"update {table} set {column} = $1 where tenant_id = '{owner.TenantId}'", value);
        Assert.True(await OpensAsync(owner, id, 1));
    }

    [Fact]
    public async Task No_receipt_is_routed_with_any_bit_of_the_index_key_flipped()
    {
        var owner = await NewTenantAsync();
        var id = (await AddAsync(owner)).Value;
        await using var admin = await Portal.Database.OpenAdminAsync();
        const string Update = "update infra.system_keys set wrapped = $1 where purpose = 'apikey-index'";
        var value = await BytesAsync(admin, "select wrapped from infra.system_keys where purpose = 'apikey-index'");

        var refused = 0;
        for (var bit = 0; bit < value.Length * 8; bit++)
        {
            var changed = value.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            await PutAsync(admin, Update, changed);
            // A vault of its own: this one keeps the index key for a minute.
            var fresh = new Vault.Vault(Get<IRootKeys>(), Get<ITenantKeyStore>(), Get<ISystemKeyStore>(), "test", Get<VaultOpenings>());
            await Assert.ThrowsAsync<VaultException>(() => fresh.IndexAsync(Encoding.UTF8.GetBytes(ApiKey), Ct));
            refused++;
        }

        Assert.Equal(value.Length * 8, refused);
        await PutAsync(admin, Update, value);
        Assert.Equal([id], await RouteAsync(ApiKey));
    }

    [Fact]
    public async Task No_value_opens_in_the_place_of_any_other()
    {
        var places = new List<Place>();
        for (var tenant = 0; tenant < 2; tenant++)
        {
            var owner = await NewTenantAsync();
            for (var account = 0; account < 2; account++)
            {
                var id = await TwoPairsAsync(owner, $"Account {account}");
                places.AddRange(from version in (int[])[1, 2] from column in (string[])["api_key", "secret"] select new Place(owner, id, version, column));
            }
        }
        await using var admin = await Portal.Database.OpenAdminAsync();
        var values = new Dictionary<Place, byte[]>();
        foreach (var place in places)
            values[place] = await BytesAsync(admin, $"select {place.Column} from app.account_secrets where {place.Where}");

        var (tried, refused) = (0, 0);
        foreach (var place in places)
        {
            foreach (var other in places.Where(p => p != place))
            {
                await PutAsync(admin, place.Update, values[other]);
                (tried, refused) = (tried + 1, refused + (await OpensAsync(place.Owner, place.Account, place.Version) ? 0 : 1));
            }
            await PutAsync(admin, place.Update, values[place]);
            Assert.True(await OpensAsync(place.Owner, place.Account, place.Version));
        }

        Assert.Equal((16 * 15, 16 * 15), (tried, refused));
    }

    [Fact]
    public async Task No_key_and_no_random_part_works_in_the_place_of_another_tenants_or_version()
    {
        var (mine, other) = (await NewTenantAsync(), await NewTenantAsync());
        var id = (await AddAsync(mine)).Value;
        var theirs = (await AddAsync(other, Input(await KnownKeyAsync()))).Value;
        await Get<RotateTenantKey>().RunAsync(mine.TenantId, Ct);
        await using var admin = await Portal.Database.OpenAdminAsync();
        await using var keys = new NpgsqlConnection(KeyStore);
        await keys.OpenAsync();
        string Key(Member owner, int version) => $"from app.tenant_keys where tenant_id = '{owner.TenantId}' and version = {version}";
        string Put(Member owner, int version) => $"update app.tenant_keys set wrapped = $1 where tenant_id = '{owner.TenantId}' and version = {version}";
        var (one, two, foreign) = (await BytesAsync(admin, $"select wrapped {Key(mine, 1)}"), await BytesAsync(admin, $"select wrapped {Key(mine, 2)}"), await BytesAsync(admin, $"select wrapped {Key(other, 1)}"));

        foreach (var moved in (byte[][])[one, foreign])
        {
            await PutAsync(admin, Put(mine, 2), moved);
            Assert.False(await OpensAsync(mine, id, 1));
        }
        await PutAsync(admin, Put(mine, 2), two);
        foreach (var moved in (byte[][])[one, two])
        {
            await PutAsync(admin, Put(other, 1), moved);
            Assert.False(await OpensAsync(other, theirs, 1));
        }
        await PutAsync(admin, Put(other, 1), foreign);
        Assert.True(await OpensAsync(mine, id, 1) && await OpensAsync(other, theirs, 1));

        await PutAsync(keys, $"update public.random_parts set part = $1 where tenant_id = '{mine.TenantId}'", await BytesAsync(keys, $"select part from public.random_parts where tenant_id = '{other.TenantId}'"));
        Assert.False(await OpensAsync(mine, id, 1));
    }

    [Theory]
    [InlineData("https://127.0.0.1:{0}")]
    [InlineData("http://127.0.0.2:{0}")]
    [InlineData("http://localhost:{0}")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.0.0.1.example.com:{0}")]
    [InlineData("http://[::1]:{0}")]
    public async Task No_pair_opens_for_another_host_port_or_scheme(string address)
    {
        var owner = await NewTenantAsync();
        var id = (await AddAsync(owner)).Value;
        var mine = new Uri(BaseAddress);

        await Portal.Database.AdminAsync($"update app.accounts set base_address = '{string.Format(System.Globalization.CultureInfo.InvariantCulture, address, mine.Port)}' where id = '{id}'");
        Assert.False(await OpensAsync(owner, id, 1));

        // Another path is the same server.
        await Portal.Database.AdminAsync($"update app.accounts set base_address = '{mine.GetLeftPart(UriPartial.Authority)}/other' where id = '{id}'");
        Assert.True(await OpensAsync(owner, id, 1));
    }

    private string KeyStore => new NpgsqlConnectionStringBuilder(Portal.Database.Admin) { Database = Portal.Database.Options.KeyStore }.ConnectionString;

    private async Task<bool> OpensAsync(Member owner, Guid id, int version)
    {
        try
        {
            using var opened = await Get<AccountKeys>().OpenAsync(owner.Scope, id, version, KeyPairPurpose.Sign, Ct);
            return opened is not null;
        }
        catch (VaultException)
        {
            return false;
        }
    }

    private async Task<Guid> TwoPairsAsync(Member owner, string label)
    {
        var id = (await AddAsync(owner, Input(await KnownKeyAsync(), label: label))).Value;
        var replaced = await Get<ReplaceKeyPair>().RunAsync(owner, id, new TypedKeyPair(await KnownKeyAsync(NewSecret), NewSecret), Ct);
        Assert.True(replaced.Value.Passed);
        return id;
    }

    private async Task<string> KnownKeyAsync(string secret = Secret)
    {
        var key = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        await AtProviderAsync(key, secret);
        return key;
    }

    private static async Task<byte[]> BytesAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (byte[])(await command.ExecuteScalarAsync())!;
    }

    private static async Task PutAsync(NpgsqlConnection connection, string sql, byte[] value)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = value } } };
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private sealed record Place(Member Owner, Guid Account, int Version, string Column)
    {
        public string Where => $"account_id = '{Account}' and version = {Version}";

        public string Update => $"update app.account_secrets set {Column} = $1 where {Where}";
    }
}
