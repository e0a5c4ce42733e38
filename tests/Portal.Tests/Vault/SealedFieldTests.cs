using Portal.Vault;

namespace Portal.Tests.Vaults;

public sealed class SealedFieldTests
{
    [Fact]
    public async Task A_sealed_value_opens_in_its_place()
    {
        var rig = await VaultRig.WithTenantAsync();

        using var opened = await rig.Vault.OpenAsync(rig.Field, await rig.SealAsync(), "test", default);

        Assert.Equal(VaultRig.Secret, opened.Bytes.ToArray());
    }

    [Fact]
    public async Task An_empty_value_can_be_sealed()
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.Vault.SealAsync(rig.Field, ReadOnlyMemory<byte>.Empty, default);

        using var opened = await rig.Vault.OpenAsync(rig.Field, blob, "test", default);

        Assert.True(opened.Bytes.IsEmpty);
    }

    [Fact]
    public async Task The_format_is_the_documented_one()
    {
        var rig = new VaultRig();
        var vault = rig.With($"{VaultRig.NewRoot(0x0102)}\n{VaultRig.NewRoot(1)}");
        await vault.CreateTenantKeyAsync(rig.Tenant, default);

        var blob = await vault.SealAsync(rig.Field, VaultRig.Secret, default);

        Assert.Equal([(byte)'P', (byte)'V', 1, 0x01, 0x02, 0, 0, 0, 1], blob[..9]);
        Assert.Equal(9 + 12 + 16 + VaultRig.Secret.Length, blob.Length);
        Assert.Equal(-1, blob.AsSpan().IndexOf(VaultRig.Secret));
    }

    [Fact]
    public async Task No_two_nonces_are_the_same()
    {
        var rig = await VaultRig.WithTenantAsync();
        var nonces = new HashSet<string>();

        for (var i = 0; i < 1000; i++)
            Assert.True(nonces.Add(Convert.ToHexString((await rig.SealAsync())[9..21])));
    }

    [Fact]
    public async Task A_blob_with_any_bit_flipped_is_refused()
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();

        for (var bit = 0; bit < blob.Length * 8; bit++)
        {
            var changed = blob.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            await Assert.ThrowsAsync<VaultException>(() => rig.Vault.OpenAsync(rig.Field, changed, "test", default));
        }
    }

    [Fact]
    public async Task A_blob_cut_anywhere_or_made_longer_is_refused()
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();

        for (var length = 0; length < blob.Length; length++)
            await Assert.ThrowsAsync<VaultException>(() => rig.Vault.OpenAsync(rig.Field, blob.AsMemory(0, length), "test", default));
        await VaultRig.RefusedAsync(VaultError.Tampered, () => rig.Vault.OpenAsync(rig.Field, (byte[])[.. blob, 0], "test", default));
    }

    [Theory]
    [InlineData(0, (byte)'S')]
    [InlineData(1, (byte)'v')]
    [InlineData(2, (byte)0)]
    [InlineData(2, (byte)2)]
    public async Task Another_magic_or_format_version_is_not_this_format(int position, byte value)
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();
        blob[position] = value;

        await VaultRig.RefusedAsync(VaultError.NotThisFormat, () => rig.Vault.OpenAsync(rig.Field, blob, "test", default));
    }

    [Fact]
    public async Task A_plain_value_is_never_given_back()
    {
        var rig = await VaultRig.WithTenantAsync();

        await VaultRig.RefusedAsync(VaultError.NotThisFormat, () => rig.Vault.OpenAsync(rig.Field, VaultRig.Secret, "test", default));
        await VaultRig.RefusedAsync(VaultError.NotThisFormat, () => rig.Vault.OpenAsync(rig.Field, ReadOnlyMemory<byte>.Empty, "test", default));
    }

    [Theory]
    [InlineData("table")]
    [InlineData("column")]
    [InlineData("row")]
    [InlineData("host")]
    [InlineData("port")]
    [InlineData("scheme")]
    [InlineData("boundary between table and column")]
    public async Task A_value_moved_to_another_place_is_refused(string moved)
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();
        var place = moved switch
        {
            "table" => rig.Field with { Table = "tokens" },
            "column" => rig.Field with { Column = "api_key" },
            "row" => rig.Field with { RowId = Guid.NewGuid() },
            "host" => rig.Field with { Origin = "https://api.example.org:443" },
            "port" => rig.Field with { Origin = "https://api.example.com:444" },
            "scheme" => rig.Field with { Origin = "http://api.example.com:443" },
            _ => rig.Field with { Table = "accountss", Column = "ecret" },
        };

        await VaultRig.RefusedAsync(VaultError.Tampered, () => rig.Vault.OpenAsync(place, blob, "test", default));
    }

    [Fact]
    public async Task A_value_moved_to_another_tenant_is_refused_even_under_the_same_data_key()
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();
        var other = Guid.NewGuid();
        await rig.Vault.CreateTenantKeyAsync(other, default);

        await VaultRig.RefusedAsync(VaultError.Tampered, () => rig.Vault.OpenAsync(rig.Field with { TenantId = other }, blob, "test", default));

        // The tenant stands in the value's own binding too: were the keys the same, it would still be refused.
        var key = new byte[32];
        var bound = Envelope.Seal(key, new Header(1, 1), rig.Field.Bind(VaultRig.Environment), VaultRig.Secret);
        var moved = (rig.Field with { TenantId = other }).Bind(VaultRig.Environment);
        Assert.Equal(VaultError.Tampered, Assert.Throws<VaultException>(() => Envelope.Open(key, bound, moved)).Error);
    }

    [Fact]
    public async Task Another_environment_opens_nothing()
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();

        await VaultRig.RefusedAsync(VaultError.Tampered, () => rig.With(environment: "Staging").OpenAsync(rig.Field, blob, "test", default));

        var key = new byte[32];
        var bound = Envelope.Seal(key, new Header(1, 1), rig.Field.Bind(VaultRig.Environment), VaultRig.Secret);
        Assert.Equal(VaultError.Tampered, Assert.Throws<VaultException>(() => Envelope.Open(key, bound, rig.Field.Bind("Staging"))).Error);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public async Task The_header_is_authenticated_with_the_value(int position)
    {
        var rig = await VaultRig.WithTenantAsync();
        var key = new byte[32];
        var binding = rig.Field.Bind(VaultRig.Environment);
        var blob = Envelope.Seal(key, new Header(1, 1), binding, VaultRig.Secret);
        blob[position]++;

        Assert.Equal(VaultError.Tampered, Assert.Throws<VaultException>(() => Envelope.Open(key, blob, binding)).Error);
    }

    [Theory]
    [InlineData("table")]
    [InlineData("column")]
    [InlineData("row")]
    [InlineData("origin")]
    public async Task A_place_with_an_empty_part_is_refused(string empty)
    {
        var rig = await VaultRig.WithTenantAsync();
        var place = empty switch
        {
            "table" => rig.Field with { Table = "" },
            "column" => rig.Field with { Column = "" },
            "row" => rig.Field with { RowId = Guid.Empty },
            _ => rig.Field with { Origin = "" },
        };

        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Vault.SealAsync(place, VaultRig.Secret, default));
    }
}
