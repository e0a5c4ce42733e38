using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Portal.Vault;

namespace Portal.Tests.Vaults;

/// <summary>A vault over stores in memory, with its root keys, one tenant and one field.</summary>
internal sealed class VaultRig
{
    public const string Environment = "Testing";

    public static readonly byte[] Secret = Encoding.UTF8.GetBytes("0f1e2d3c4b5a69788796a5b4c3d2e1f0");

    public InMemoryTenantKeys Tenants { get; } = new();

    public InMemorySystemKeys Systems { get; } = new();

    public VaultOpenings Openings { get; } = new();

    public FakeTimeProvider Clock { get; } = new();

    public string RootLines { get; } = NewRoot(1);

    public Guid Tenant { get; } = Guid.NewGuid();

    public Portal.Vault.Vault Vault => field ??= With();

    public VaultField Field => field ??= new(Tenant, "accounts", "secret", Guid.NewGuid(), "https://api.example.com:443");

    public static string NewRoot(int id) => $"{id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    public static async Task<VaultRig> WithTenantAsync()
    {
        var rig = new VaultRig();
        await rig.Vault.CreateTenantKeyAsync(rig.Tenant, default);
        return rig;
    }

    /// <summary>Another vault over the same stores: another instance of the portal.</summary>
    public Portal.Vault.Vault With(string? roots = null, string environment = Environment) =>
        new(FileRootKeys.Parse(roots ?? RootLines), Tenants, Systems, environment, Openings, Clock);

    public Task AddTenantKeyAsync(int version) =>
        new TenantKeys(new KeyWrap(FileRootKeys.Parse(RootLines)), Tenants, Environment).CreateAsync(Tenant, version, default);

    public Task<bool> AddSystemKeyAsync(string purpose, int version) =>
        new SystemKeys(new KeyWrap(FileRootKeys.Parse(RootLines)), Systems, Environment).CreateAsync(purpose, version, default);

    public async Task<byte[]> SealAsync() => await Vault.SealAsync(Field, Secret, default);

    public static async Task<VaultException> RefusedAsync(VaultError error, Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<VaultException>(call);
        Assert.Equal(error, refused.Error);
        return refused;
    }
}
