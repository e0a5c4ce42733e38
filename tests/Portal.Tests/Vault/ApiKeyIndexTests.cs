using System.Text;
using Portal.Vault;

namespace Portal.Tests.Vaults;

public sealed class ApiKeyIndexTests
{
    private static readonly byte[] _apiKey = Encoding.UTF8.GetBytes("q83vEjRWeJCrze8SNFZ4kA==");

    [Fact]
    public async Task The_index_of_an_apikey_is_the_same_in_every_instance()
    {
        var rig = new VaultRig();

        var first = Assert.Single(await rig.Vault.IndexAsync(_apiKey, default));
        var second = Assert.Single(await rig.With().IndexAsync(_apiKey, default));

        Assert.Equal(1, first.Version);
        Assert.Equal(32, first.Hash.Length);
        Assert.Equal(first.Hash, second.Hash);
    }

    [Fact]
    public async Task Another_apikey_has_another_index()
    {
        var rig = new VaultRig();
        var changed = _apiKey.ToArray();
        changed[0] ^= 0x20;

        Assert.NotEqual((await rig.Vault.IndexAsync(_apiKey, default))[0].Hash, (await rig.Vault.IndexAsync(changed, default))[0].Hash);
    }

    [Fact]
    public async Task Another_environment_has_another_index_and_cannot_use_this_one()
    {
        var rig = new VaultRig();
        var here = await rig.Vault.IndexAsync(_apiKey, default);
        var elsewhere = new Portal.Vault.Vault(
            FileRootKeys.Parse(rig.RootLines), new InMemoryTenantKeys(), new InMemorySystemKeys(), "Staging", rig.Openings);

        Assert.NotEqual(here[0].Hash, (await elsewhere.IndexAsync(_apiKey, default))[0].Hash);
        await VaultRig.RefusedAsync(VaultError.Tampered, () => rig.With(environment: "Staging").IndexAsync(_apiKey, default));
    }

    [Fact]
    public async Task The_index_outlives_a_change_of_the_root_key()
    {
        var rig = new VaultRig();
        var before = await rig.Vault.IndexAsync(_apiKey, default);

        var after = await rig.With($"{rig.RootLines}\n{VaultRig.NewRoot(2)}").IndexAsync(_apiKey, default);

        Assert.Equal(before[0].Hash, after[0].Hash);
    }

    [Fact]
    public async Task Two_instances_that_make_the_first_key_at_once_agree_on_one()
    {
        var rig = new VaultRig();
        var arrived = 0;
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Systems.BeforeAnswer = () =>
        {
            if (Interlocked.Increment(ref arrived) == 2)
                both.SetResult();
            return both.Task;
        };

        // Both have been told "no key" before either makes one.
        var indexes = await Task.WhenAll(rig.With().IndexAsync(_apiKey, default), rig.With().IndexAsync(_apiKey, default));

        Assert.Single(rig.Systems.Keys);
        Assert.Equal(indexes[0].Single().Hash, indexes[1].Single().Hash);
    }

    [Fact]
    public async Task The_keys_are_read_once_a_minute_and_a_new_version_is_seen_then()
    {
        var rig = new VaultRig();
        var old = await rig.Vault.IndexAsync(_apiKey, default);
        var reads = rig.Systems.Reads;
        await rig.AddSystemKeyAsync("apikey-index", version: 2);

        rig.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Single(await rig.Vault.IndexAsync(_apiKey, default));
        Assert.Equal(reads, rig.Systems.Reads);

        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        var both = await rig.Vault.IndexAsync(_apiKey, default);
        Assert.Equal([2, 1], both.Select(index => index.Version));
        Assert.Equal(old[0].Hash, both[1].Hash);
        Assert.NotEqual(old[0].Hash, both[0].Hash);
    }

    [Fact]
    public async Task Many_at_once_get_the_same_index_while_the_keys_are_read_again()
    {
        var rig = new VaultRig();
        var expected = (await rig.Vault.IndexAsync(_apiKey, default))[0].Hash;

        // Every call advances past the minute, so that keys are cleared and replaced under the others.
        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), async (_, stop) =>
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(40));
            Assert.Equal(expected, (await rig.Vault.IndexAsync(_apiKey, stop))[0].Hash);
        });
    }
}
