using System.Security.Cryptography;
using Portal.Vault;

namespace Portal.Tests.Vaults;

public sealed class RewrapTests
{
    [Fact]
    public async Task A_rewrapped_key_needs_the_new_root_only_and_every_value_stays_as_it_is()
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();
        var newRoot = VaultRig.NewRoot(2);
        var both = rig.With($"{rig.RootLines}\n{newRoot}");
        var key = rig.Tenants.Keys[(rig.Tenant, 1)];

        var again = await both.RewrapAsync(key, rig.Tenants.RandomParts[rig.Tenant], default);
        rig.Tenants.Keys[(rig.Tenant, 1)] = again;

        Assert.Equal((2, key.Version, key.TenantId), (again.RootKeyId, again.Version, again.TenantId));
        Assert.NotEqual(key.Wrapped, again.Wrapped);
        using var opened = await rig.With(newRoot).OpenAsync(rig.Field, blob, "test", default);
        Assert.Equal(VaultRig.Secret, opened.Bytes.ToArray());
        await VaultRig.RefusedAsync(VaultError.UnknownRootKey, () => rig.With().OpenAsync(rig.Field, blob, "test", default));
    }

    [Fact]
    public async Task The_index_is_the_same_after_its_key_was_rewrapped()
    {
        var rig = new VaultRig();
        var before = await rig.Vault.IndexAsync(VaultRig.Secret, default);
        var newRoot = VaultRig.NewRoot(2);
        var place = (ApiKeyIndex.Purpose, 1);

        rig.Systems.Keys[place] = await rig.With($"{rig.RootLines}\n{newRoot}").RewrapAsync(rig.Systems.Keys[place], default);

        Assert.Equal(2, rig.Systems.Keys[place].RootKeyId);
        Assert.Equal(before[0].Hash, (await rig.With(newRoot).IndexAsync(VaultRig.Secret, default))[0].Hash);
    }

    [Fact]
    public async Task A_key_that_does_not_open_is_not_rewrapped()
    {
        var rig = await VaultRig.WithTenantAsync();
        var both = rig.With($"{rig.RootLines}\n{VaultRig.NewRoot(2)}");
        var key = rig.Tenants.Keys[(rig.Tenant, 1)];
        var part = rig.Tenants.RandomParts[rig.Tenant];
        byte[] damaged = [.. key.Wrapped[..^1], (byte)(key.Wrapped[^1] ^ 1)];

        await VaultRig.RefusedAsync(VaultError.Tampered, () => both.RewrapAsync(key with { Wrapped = damaged }, part, default));
        await VaultRig.RefusedAsync(VaultError.Tampered, () => both.RewrapAsync(key, new byte[32], default));
        await VaultRig.RefusedAsync(VaultError.Tampered, () => both.RewrapAsync(key with { TenantId = Guid.NewGuid() }, part, default));
    }

    [Fact]
    public async Task A_further_version_seals_and_the_older_one_still_opens()
    {
        var rig = await VaultRig.WithTenantAsync();
        var old = await rig.SealAsync();

        Assert.Equal(2, await rig.Vault.AddTenantKeyVersionAsync(rig.Tenant, default));
        var resealed = await rig.Vault.ResealAsync(rig.Field, old, default);

        Assert.Equal((1, 2), (Portal.Vault.Vault.VersionOf(old), Portal.Vault.Vault.VersionOf(resealed!)));
        Assert.Null(await rig.Vault.ResealAsync(rig.Field, resealed!, default));
        using var opened = await rig.Vault.OpenAsync(rig.Field, resealed!, "test", default);
        Assert.Equal(VaultRig.Secret, opened.Bytes.ToArray());
        rig.Tenants.Keys.TryRemove((rig.Tenant, 1), out _);
        using var without = await rig.Vault.OpenAsync(rig.Field, resealed!, "test", default);
        await VaultRig.RefusedAsync(VaultError.UnknownKeyVersion, () => rig.Vault.OpenAsync(rig.Field, old, "test", default));
    }

    [Fact]
    public async Task A_key_service_that_never_gives_its_key_away_can_stand_behind_the_vault()
    {
        var rig = new VaultRig();
        using var service = new MacService();
        var vault = new Portal.Vault.Vault(service, rig.Tenants, rig.Systems, VaultRig.Environment, rig.Openings);

        await vault.CreateTenantKeyAsync(rig.Tenant, default);
        var blob = await vault.SealAsync(rig.Field, VaultRig.Secret, default);
        service.Rotate();
        rig.Tenants.Keys[(rig.Tenant, 1)] = await vault.RewrapAsync(rig.Tenants.Keys[(rig.Tenant, 1)], rig.Tenants.RandomParts[rig.Tenant], default);

        using var opened = await vault.OpenAsync(rig.Field, blob, "test", default);
        Assert.Equal(VaultRig.Secret, opened.Bytes.ToArray());
        Assert.Equal(2, rig.Tenants.Keys[(rig.Tenant, 1)].RootKeyId);
    }

    [Fact]
    public async Task Every_opening_is_counted_by_tenant_and_purpose_also_one_that_fails()
    {
        var rig = await VaultRig.WithTenantAsync();
        var blob = await rig.SealAsync();
        rig.Openings.Take();

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(async _ => (await rig.Vault.OpenAsync(rig.Field, blob, "sign", default)).Dispose()));
        await VaultRig.RefusedAsync(VaultError.Tampered, () => rig.Vault.OpenAsync(rig.Field with { Column = "other" }, blob, "check", default));
        var system = await rig.Vault.SealSystemAsync("mail", VaultRig.Secret, default);
        (await rig.Vault.OpenSystemAsync("mail", system, default)).Dispose();

        var counted = rig.Openings.Take();
        Assert.Equal(
            [new(null, "mail", 1), new(rig.Tenant, "check", 1), new VaultOpening(rig.Tenant, "sign", 1000)], counted.OrderBy(o => o.TenantId).ThenBy(o => o.Purpose));
        Assert.Empty(rig.Openings.Take());
        rig.Openings.Return(counted);
        Assert.Equal(3, rig.Openings.Take().Count);
    }

    [Fact]
    public async Task Nothing_is_lost_when_the_counts_are_taken_while_others_count()
    {
        var openings = new VaultOpenings();
        var counting = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
                openings.Count(null, "x");
        })));
        var sum = 0L;
        while (!counting.IsCompleted)
            sum += openings.Take().Sum(o => o.Count);
        await counting;

        Assert.Equal(80_000, sum + openings.Take().Sum(o => o.Count));
    }

    [Fact]
    public async Task A_root_key_added_to_the_file_is_found_without_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("portal-root-keys-");
        try
        {
            var path = Path.Combine(folder.FullName, "root.keys");
            var keys = FileRootKeys.LoadOrCreate(path);
            await File.AppendAllTextAsync(path, VaultRig.NewRoot(2) + "\n");
            Assert.Equal("1, active 1", Shown(keys));

            await keys.DeriveKeyAsync(2, default, "info"u8.ToArray(), new byte[32], default);

            Assert.Equal("1 2, active 2", Shown(keys));
            await VaultRig.RefusedAsync(VaultError.UnknownRootKey, () => keys.DeriveKeyAsync(3, default, default, new byte[32], default).AsTask());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Shown(IRootKeys keys) => $"{string.Join(' ', keys.Ids.Order())}, active {keys.ActiveId}";

    /// <summary>As a key service does it: a keyed hash is all that comes out of it.</summary>
    private sealed class MacService : IRootKeys, IDisposable
    {
        private readonly Dictionary<int, HMACSHA256> _keys = new() { [1] = New() };

        public int ActiveId { get; private set; } = 1;

        public IReadOnlyCollection<int> Ids => _keys.Keys;

        public void Rotate() => _keys[ActiveId = 2] = New();

        public async ValueTask DeriveKeyAsync(int rootId, ReadOnlyMemory<byte> salt, ReadOnlyMemory<byte> info, Memory<byte> key, CancellationToken cancellationToken)
        {
            await Task.Yield();
            _keys[rootId].ComputeHash([.. BitConverter.GetBytes(salt.Length), .. salt.Span, .. info.Span]).CopyTo(key);
        }

        public void Dispose()
        {
            foreach (var key in _keys.Values)
                key.Dispose();
        }

        private static HMACSHA256 New() => new(RandomNumberGenerator.GetBytes(32));
    }
}
