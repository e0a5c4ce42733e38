using Portal.Vault;

namespace Portal.Tests.Vaults;

public sealed class SystemKeyTests
{
    [Fact]
    public async Task A_value_of_the_system_opens_for_its_purpose_only()
    {
        var rig = new VaultRig();
        var blob = await rig.Vault.SealSystemAsync("parked-receipts", VaultRig.Secret, default);
        await rig.Vault.SealSystemAsync("data-protection", VaultRig.Secret, default);

        using var opened = await rig.Vault.OpenSystemAsync("parked-receipts", blob, default);

        Assert.Equal(VaultRig.Secret, opened.Bytes.ToArray());
        await VaultRig.RefusedAsync(VaultError.Tampered, () => rig.Vault.OpenSystemAsync("data-protection", blob, default));
    }

    [Fact]
    public async Task An_older_version_of_a_system_key_still_opens()
    {
        var rig = new VaultRig();
        var old = await rig.Vault.SealSystemAsync("parked-receipts", VaultRig.Secret, default);
        Assert.True(await rig.AddSystemKeyAsync("parked-receipts", version: 2));

        var fresh = await rig.Vault.SealSystemAsync("parked-receipts", VaultRig.Secret, default);

        Assert.Equal(2, fresh[8]);
        using var opened = await rig.Vault.OpenSystemAsync("parked-receipts", old, default);
        Assert.Equal(VaultRig.Secret, opened.Bytes.ToArray());
    }

    [Fact]
    public async Task A_missing_system_key_or_version_is_said()
    {
        var rig = new VaultRig();
        var blob = await rig.Vault.SealSystemAsync("parked-receipts", VaultRig.Secret, default);
        await VaultRig.RefusedAsync(VaultError.NoSystemKey, () => rig.Vault.OpenSystemAsync("data-protection", blob, default));

        blob[8] = 7;
        await VaultRig.RefusedAsync(VaultError.UnknownKeyVersion, () => rig.Vault.OpenSystemAsync("parked-receipts", blob, default));
    }

    [Fact]
    public async Task A_system_value_with_any_bit_flipped_is_refused()
    {
        var rig = new VaultRig();
        var blob = await rig.Vault.SealSystemAsync("parked-receipts", VaultRig.Secret, default);

        for (var bit = 0; bit < blob.Length * 8; bit++)
        {
            var changed = blob.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            await Assert.ThrowsAsync<VaultException>(() => rig.Vault.OpenSystemAsync("parked-receipts", changed, default));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("parked|receipts")]
    [InlineData("apikey-index")]
    public async Task A_purpose_that_could_be_mistaken_for_another_is_refused(string purpose)
    {
        var rig = new VaultRig();

        await Assert.ThrowsAsync<ArgumentException>(() => rig.Vault.SealSystemAsync(purpose, VaultRig.Secret, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a|b")]
    public void An_environment_that_could_be_mistaken_for_another_is_refused(string environment) =>
        Assert.Throws<ArgumentException>(() => new VaultRig().With(environment: environment));
}
