using Portal.Vault;

namespace Portal.Tests.Vaults;

public sealed class TenantKeyTests
{
    [Fact]
    public async Task A_value_of_an_older_key_version_still_opens_and_new_ones_use_the_newest()
    {
        var rig = await VaultRig.WithTenantAsync();
        var old = await rig.SealAsync();
        await rig.AddTenantKeyAsync(version: 2);

        var fresh = await rig.SealAsync();

        Assert.Equal(2, fresh[8]);
        using var openedOld = await rig.Vault.OpenAsync(rig.Field, old, "test", default);
        using var openedFresh = await rig.Vault.OpenAsync(rig.Field, fresh, "test", default);
        Assert.Equal(VaultRig.Secret, openedOld.Bytes.ToArray());
        Assert.Equal(VaultRig.Secret, openedFresh.Bytes.ToArray());
    }

    [Fact]
    public async Task A_value_moved_to_another_key_version_is_refused()
    {
        var rig = await VaultRig.WithTenantAsync();
        await rig.AddTenantKeyAsync(version: 2);
        var blob = await rig.SealAsync();
        blob[8] = 1;

        await VaultRig.RefusedAsync(VaultError.Tampered, () => rig.Vault.OpenAsync(rig.Field, blob, "test", default));
    }

    [Theory]
    [InlineData(0, 9)]
    [InlineData(0, 0)]
    [InlineData(0xff, 1)]
    public async Task A_key_version_that_is_not_there_is_unknown(byte highest, byte lowest)
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();
        (blob[5], blob[8]) = (highest, lowest);

        await VaultRig.RefusedAsync(VaultError.UnknownKeyVersion, () => rig.Vault.OpenAsync(rig.Field, blob, "test", default));
    }

    [Fact]
    public async Task A_value_sealed_under_an_old_root_opens_after_a_new_root_is_active()
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();
        var both = rig.With($"{rig.RootLines}\n{VaultRig.NewRoot(2)}");
        var later = Guid.NewGuid();

        using var opened = await both.OpenAsync(rig.Field, blob, "test", default);
        await both.CreateTenantKeyAsync(later, default);

        Assert.Equal(VaultRig.Secret, opened.Bytes.ToArray());
        Assert.Equal(2, rig.Tenants.Keys[(later, 1)].RootKeyId);
        Assert.Equal(1, rig.Tenants.Keys[(rig.Tenant, 1)].RootKeyId);
    }

    [Fact]
    public async Task Without_the_root_key_nothing_opens()
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();

        await VaultRig.RefusedAsync(VaultError.UnknownRootKey, () => rig.With(VaultRig.NewRoot(2)).OpenAsync(rig.Field, blob, "test", default));
        await VaultRig.RefusedAsync(VaultError.Tampered, () => rig.With(VaultRig.NewRoot(1)).OpenAsync(rig.Field, blob, "test", default));
    }

    [Fact]
    public async Task A_tenant_that_was_deleted_has_no_key()
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();

        await rig.Vault.DeleteTenantAsync(rig.Tenant, default);

        await VaultRig.RefusedAsync(VaultError.NoTenantKey, () => rig.Vault.OpenAsync(rig.Field, blob, "test", default));
        await VaultRig.RefusedAsync(VaultError.NoTenantKey, () => rig.SealAsync());
    }

    [Fact]
    public async Task Wrapped_keys_out_of_a_backup_open_nothing_without_the_random_part()
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();
        var backup = rig.Tenants.Keys[(rig.Tenant, 1)];
        await rig.Vault.DeleteTenantAsync(rig.Tenant, default);

        rig.Tenants.Keys[(rig.Tenant, 1)] = backup;
        await VaultRig.RefusedAsync(VaultError.NoTenantKey, () => rig.Vault.OpenAsync(rig.Field, blob, "test", default));

        rig.Tenants.RandomParts[rig.Tenant] = new byte[32];
        await VaultRig.RefusedAsync(VaultError.Tampered, () => rig.Vault.OpenAsync(rig.Field, blob, "test", default));
    }

    [Fact]
    public async Task Making_a_key_twice_keeps_the_first()
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();

        await rig.Vault.CreateTenantKeyAsync(rig.Tenant, default);

        Assert.Single(rig.Tenants.Keys);
        using var opened = await rig.Vault.OpenAsync(rig.Field, blob, "test", default);
        Assert.Equal(VaultRig.Secret, opened.Bytes.ToArray());
    }

    [Fact]
    public async Task Making_a_key_goes_on_where_it_was_cut_off_between_the_two_stores()
    {
        var rig = new VaultRig();
        var randomPart = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        rig.Tenants.RandomParts[rig.Tenant] = randomPart;

        await rig.Vault.CreateTenantKeyAsync(rig.Tenant, default);

        Assert.Same(randomPart, rig.Tenants.RandomParts[rig.Tenant]);
        using var opened = await rig.Vault.OpenAsync(rig.Field, await rig.SealAsync(), "test", default);
        Assert.Equal(VaultRig.Secret, opened.Bytes.ToArray());
    }

    [Fact]
    public async Task A_wrapped_key_put_into_another_tenants_row_is_refused()
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();
        var thief = Guid.NewGuid();
        rig.Tenants.Keys[(thief, 1)] = rig.Tenants.Keys[(rig.Tenant, 1)] with { TenantId = thief };
        rig.Tenants.RandomParts[thief] = rig.Tenants.RandomParts[rig.Tenant];

        await VaultRig.RefusedAsync(VaultError.Tampered, () => rig.Vault.OpenAsync(rig.Field with { TenantId = thief }, blob, "test", default));
    }

    [Fact]
    public async Task A_wrapped_key_with_any_bit_flipped_is_refused()
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();
        var key = rig.Tenants.Keys[(rig.Tenant, 1)];

        for (var bit = 0; bit < key.Wrapped.Length * 8; bit++)
        {
            var changed = key.Wrapped.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            rig.Tenants.Keys[(rig.Tenant, 1)] = key with { Wrapped = changed };
            await Assert.ThrowsAsync<VaultException>(() => rig.Vault.OpenAsync(rig.Field, blob, "test", default));
        }
    }

    [Fact]
    public async Task A_key_row_whose_root_id_was_changed_is_refused()
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();
        rig.Tenants.Keys[(rig.Tenant, 1)] = rig.Tenants.Keys[(rig.Tenant, 1)] with { RootKeyId = 2 };

        await VaultRig.RefusedAsync(VaultError.Tampered, () => rig.Vault.OpenAsync(rig.Field, blob, "test", default));
    }
}
