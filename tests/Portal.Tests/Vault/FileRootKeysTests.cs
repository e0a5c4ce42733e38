using System.Security.Cryptography;
using Portal.Vault;

namespace Portal.Tests.Vaults;

public sealed class FileRootKeysTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-root-keys-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "root.keys");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_highest_id_is_active_unless_a_line_says_otherwise()
    {
        var lines = $"# made by us\r\n{VaultRig.NewRoot(2)}\r\n\r\n{VaultRig.NewRoot(10)}\n  {VaultRig.NewRoot(9)}  \n";

        Assert.Equal(10, FileRootKeys.Parse(lines).ActiveId);
        Assert.Equal(2, FileRootKeys.Parse($"active 2\n{lines}").ActiveId);
        Assert.Equal(9, FileRootKeys.Parse($"{VaultRig.NewRoot(9)};{VaultRig.NewRoot(3)}").ActiveId);
    }

    [Fact]
    public async Task A_key_is_derived_by_HKDF_SHA256()
    {
        var root = RandomNumberGenerator.GetBytes(32);
        var derived = new byte[32];

        await FileRootKeys.Parse($"1:{Convert.ToBase64String(root)}").DeriveKeyAsync(1, "salt"u8.ToArray(), "info"u8.ToArray(), derived, default);

        // Extract, then expand by one block: RFC 5869, section 2.
        var extracted = HMACSHA256.HashData("salt"u8, root);
        Assert.Equal(HMACSHA256.HashData(extracted, (byte[])[.. "info"u8, 1]), derived);
    }

    [Fact]
    public async Task A_file_made_for_development_is_its_owners_alone_and_is_the_same_at_the_next_start()
    {
        var made = FileRootKeys.LoadOrCreate(Path);
        var again = FileRootKeys.LoadOrCreate(Path);

        Assert.True(made.Created);
        Assert.False(again.Created);
        Assert.Equal(await DeriveAsync(made), await DeriveAsync(again));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOfFile());
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task Those_that_make_the_file_at_the_same_moment_have_the_same_key()
    {
        const int Together = 8;
        for (var round = 0; round < 50; round++)
        {
            using var start = new Barrier(Together);
            var made = await Task.WhenAll(Enumerable.Range(0, Together).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return FileRootKeys.LoadOrCreate(Path);
                },
                default,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            Assert.Single(made, keys => keys.Created);
            var derived = await Task.WhenAll(made.Select(DeriveAsync));
            Assert.Single(derived.Select(Convert.ToHexString).Distinct());
            Assert.Single(_folder.GetFiles());
            File.Delete(Path);
        }
    }

    [Fact]
    public void A_file_that_another_process_made_first_is_left_as_it_is()
    {
        Assert.True(RootKeyFile.TryCreate(Path));
        var first = File.ReadAllText(Path);

        Assert.False(RootKeyFile.TryCreate(Path));

        Assert.Equal(first, File.ReadAllText(Path));
        Assert.Single(_folder.GetFiles());
    }

    [Theory]
    [InlineData("0640")]
    [InlineData("0604")]
    [InlineData("0620")]
    [InlineData("0601")]
    [InlineData("0700")]
    [InlineData("0644")]
    public void A_file_that_others_can_reach_is_refused(string octal)
    {
        File.WriteAllText(Path, VaultRig.NewRoot(1));
        SetMode(octal);

        var refused = Assert.Throws<VaultException>(() => FileRootKeys.LoadOrCreate(Path));

        Assert.Equal(VaultError.RootKeysExposed, refused.Error);
        Assert.Contains(octal, refused.Message, StringComparison.Ordinal);
        Assert.Contains("chmod 600", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0600")]
    [InlineData("0400")]
    public void A_file_that_only_its_owner_can_reach_is_read(string octal)
    {
        File.WriteAllText(Path, VaultRig.NewRoot(7));
        SetMode(octal);

        Assert.Equal(7, FileRootKeys.Load(Path).ActiveId);
    }

    [Fact]
    public void A_file_that_is_not_there_is_said_and_not_made()
    {
        var refused = Assert.Throws<VaultException>(() => FileRootKeys.Load(Path));

        Assert.Equal(VaultError.BadRootKeys, refused.Error);
        Assert.Contains(Path, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public void A_folder_that_is_not_there_is_said()
    {
        var refused = Assert.Throws<VaultException>(() => FileRootKeys.LoadOrCreate(System.IO.Path.Combine(Path, "none", "root.keys")));

        Assert.Equal(VaultError.BadRootKeys, refused.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n\n")]
    [InlineData("active 1")]
    [InlineData("{key}")]
    [InlineData(":{key}")]
    [InlineData("0:{key}")]
    [InlineData("65536:{key}")]
    [InlineData("-1:{key}")]
    [InlineData("one:{key}")]
    [InlineData("1:{key}{key}")]
    [InlineData("1:{key}x")]
    [InlineData("1:SGVsbG8=")]
    [InlineData("1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("1:{key}\n1:{key}")]
    [InlineData("1:{key}\nactive 2")]
    [InlineData("1:{key}\nactive 1\nactive 1")]
    public void What_is_not_a_list_of_keys_is_refused_without_repeating_it(string text)
    {
        const string Key = "3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs=";

        var refused = Assert.Throws<VaultException>(() => FileRootKeys.Parse(text.Replace("{key}", Key, StringComparison.Ordinal)));

        Assert.Equal(VaultError.BadRootKeys, refused.Error);
        Assert.DoesNotContain(Key[..8], refused.ToString(), StringComparison.Ordinal);
    }

    private static async Task<byte[]> DeriveAsync(FileRootKeys keys)
    {
        var key = new byte[32];
        await keys.DeriveKeyAsync(keys.ActiveId, ReadOnlyMemory<byte>.Empty, "info"u8.ToArray(), key, default);
        return key;
    }

    // The product runs on Unix; there alone a file has such a mode.
    private UnixFileMode ModeOfFile() =>
        OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(Path);

    private void SetMode(string octal)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        File.SetUnixFileMode(Path, (UnixFileMode)Convert.ToInt32(octal, fromBase: 8));
    }
}
