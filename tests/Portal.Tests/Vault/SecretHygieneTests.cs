using System.Text;
using System.Text.Json;
using Portal.Vault;

namespace Portal.Tests.Vaults;

public sealed class SecretHygieneTests
{
    [Fact]
    public async Task An_opened_secret_shows_itself_to_nobody()
    {
        var rig = await VaultRig.WithTenantAsync();
        using var opened = await rig.Vault.OpenAsync(rig.Field, await rig.SealAsync(), "test", default);

        Assert.Equal("***", opened.ToString());
        Assert.Equal("***", $"{opened}");
        Assert.Equal("{}", JsonSerializer.Serialize(opened));
    }

    [Fact]
    public async Task A_secret_is_cleared_when_it_is_disposed()
    {
        var rig = await VaultRig.WithTenantAsync();
        var opened = await rig.Vault.OpenAsync(rig.Field, await rig.SealAsync(), "test", default);
        var bytes = opened.Bytes;
        Assert.Equal(VaultRig.Secret, bytes.ToArray());

        opened.Dispose();
        opened.Dispose();

        Assert.Equal(new byte[VaultRig.Secret.Length], bytes.ToArray());
        Assert.Throws<ObjectDisposedException>(() => opened.Bytes);
    }

    [Fact]
    public async Task Derived_keys_are_cleared_after_every_call()
    {
        var rig = await VaultRig.WithTenantAsync();
        var watched = new WatchedRootKeys(FileRootKeys.Parse(rig.RootLines));
        var vault = new Portal.Vault.Vault(watched, rig.Tenants, rig.Systems, VaultRig.Environment, rig.Openings);

        var blob = await vault.SealAsync(rig.Field, VaultRig.Secret, default);
        using var opened = await vault.OpenAsync(rig.Field, blob, "test", default);
        await Assert.ThrowsAsync<VaultException>(() => vault.OpenAsync(rig.Field, (byte[])[.. blob, 0], "test", default));
        await vault.SealSystemAsync("parked-receipts", VaultRig.Secret, default);
        await vault.IndexAsync(VaultRig.Secret, default);

        Assert.True(watched.Given.Count >= 7);
        Assert.All(watched.Given, key => Assert.Equal(new byte[32], key.ToArray()));
    }

    [Fact]
    public async Task A_refusal_has_no_secret_in_it()
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();
        var keys = rig.With($"{VaultRig.NewRoot(2)}");
        Func<Task>[] refusals =
        [
            () => rig.Vault.OpenAsync(rig.Field with { Column = "other" }, blob, "test", default),
            () => rig.Vault.OpenAsync(rig.Field, VaultRig.Secret, "test", default),
            () => rig.Vault.OpenAsync(rig.Field with { TenantId = Guid.NewGuid() }, blob, "test", default),
            () => rig.Vault.OpenSystemAsync("parked-receipts", blob, default),
            () => keys.SealAsync(rig.Field, VaultRig.Secret, default),
            () => keys.OpenAsync(rig.Field, blob, "test", default),
        ];

        foreach (var refusal in refusals)
        {
            var text = (await Assert.ThrowsAsync<VaultException>(refusal)).ToString();
            Assert.DoesNotContain(Encoding.UTF8.GetString(VaultRig.Secret), text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(VaultRig.Secret), text, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexString(VaultRig.Secret), text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(rig.RootLines[2..], text, StringComparison.Ordinal);
        }
    }

    private sealed class WatchedRootKeys(FileRootKeys keys) : IRootKeys
    {
        public List<Memory<byte>> Given { get; } = [];

        public int ActiveId => keys.ActiveId;

        public IReadOnlyCollection<int> Ids => keys.Ids;

        public ValueTask DeriveKeyAsync(
            int rootId, ReadOnlyMemory<byte> salt, ReadOnlyMemory<byte> info, Memory<byte> key, CancellationToken cancellationToken)
        {
            Given.Add(key);
            return keys.DeriveKeyAsync(rootId, salt, info, key, cancellationToken);
        }
    }
}
