using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Portal.Tenants;
using Portal.Vault;

namespace Portal.IntegrationTests.Accounts;

public sealed class VaultStoreTests(PortalFixture portal) : AccountsTest(portal)
{
    [Fact]
    public async Task A_random_part_is_never_replaced_and_a_version_is_added_once()
    {
        var store = Get<ITenantKeyStore>();
        var tenant = (await NewTenantAsync()).TenantId;
        var part = await store.ReadRandomPartAsync(tenant, Ct);
        var key = await store.ReadAsync(tenant, version: null, Ct);

        await Assert.ThrowsAsync<InvalidOperationException>(() => store.AddAsync(key! with { Version = 2 }, new byte[32], Ct));
        await Assert.ThrowsAnyAsync<Exception>(() => store.AddAsync(key!, part!, Ct));

        Assert.Equal(part, await store.ReadRandomPartAsync(tenant, Ct));
        Assert.Equal(1, (await store.ReadAsync(tenant, version: null, Ct))!.Version);
        Assert.Null(await store.ReadAsync(tenant, version: 2, Ct));
    }

    [Fact]
    public async Task The_random_part_lies_in_a_database_of_its_own()
    {
        var tenant = (await NewTenantAsync()).TenantId;

        Assert.NotNull(await Get<ITenantKeyStore>().ReadRandomPartAsync(tenant, Ct));
        Assert.False(await Portal.Database.AdminScalarAsync<bool>("select to_regclass('public.random_parts') is not null"));
    }

    [Fact]
    public async Task A_system_key_is_added_once()
    {
        var store = Get<ISystemKeyStore>();
        var key = new SystemKey("purpose-of-a-test", 1, 1, [1, 2, 3]);

        Assert.True(await store.TryAddAsync(key, Ct));
        Assert.False(await store.TryAddAsync(key with { Wrapped = [4] }, Ct));

        Assert.Equal([1, 2, 3], Assert.Single(await store.ReadAsync(key.Purpose, Ct)).Wrapped);
    }

    [Fact]
    public async Task Production_without_a_root_key_does_not_start_and_says_why()
    {
        using var host = HostOf(Environments.Production, []);

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("Portal:Vault:RootKeyFile", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_makes_no_root_key_for_itself()
    {
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        using var host = HostOf(Environments.Production, new() { ["Portal:Vault:RootKeyFile"] = path });

        await Assert.ThrowsAsync<VaultException>(() => host.StartAsync());

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_development_run_makes_a_root_key_that_only_its_owner_reads()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var path = Path.Combine(folder, "keys", "root.key");
        try
        {
            using (var host = HostOf(Environments.Development, new() { ["Portal:Vault:RootKeyFile"] = path }))
                await host.StartAsync();
            var made = await File.ReadAllTextAsync(path);
            using (var again = HostOf(Environments.Development, new() { ["Portal:Vault:RootKeyFile"] = path }))
                await again.StartAsync();

            Assert.Equal(made, await File.ReadAllTextAsync(path));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IHost HostOf(string environment, Dictionary<string, string?> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(settings);
        // Starting reads no key of the database: only the root keys.
        builder.Services.AddVault();
        return builder.Build();
    }
}
