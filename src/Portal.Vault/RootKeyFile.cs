using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Vault;

internal static class RootKeyFile
{
    private const int MaxBytes = 64 * 1024;
    private const int AlreadyThere = 17;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static RootKeySet Read(string path)
    {
        try
        {
            // No buffer inside the stream: it would be a copy of the keys that nobody clears.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            CheckMode(file, path);
            if (file.Length > MaxBytes)
                throw new VaultException(VaultError.BadRootKeys, $"The root key file {path} is too large to be one.");

            using var bytes = new PinnedBytes((int)file.Length);
            file.ReadExactly(bytes.Span);
            return Parse(bytes.Span, path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new VaultException(VaultError.BadRootKeys, $"The root key file {path} cannot be read: {problem.Message}");
        }
    }

    /// <summary>False when another process was first.</summary>
    public static bool TryCreate(string path)
    {
        var draft = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            WriteNewKey(draft);
            return TryName(draft, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new VaultException(VaultError.BadRootKeys, $"The root key file {path} cannot be made: {problem.Message}");
        }
        finally
        {
            if (File.Exists(draft))
                File.Delete(draft);
        }
    }

    // A second name for the draft: the file is there whole or not at all, and only one process wins. File.Move looks first and
    // renames then, so it can replace what another process put there in between.
    private static bool TryName(string draft, string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (Link(Encoding.UTF8.GetBytes(draft + '\0'), Encoding.UTF8.GetBytes(path + '\0')) == 0)
                return true;
            if (Marshal.GetLastPInvokeError() == AlreadyThere)
                return false;
        }
        // A file system that knows no second names.
        File.Move(draft, path, overwrite: false);
        return true;
    }

#pragma warning disable SYSLIB1054 // the generated way asks for unsafe code
    [DllImport("libc", EntryPoint = "link", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(byte[] existing, byte[] name);
#pragma warning restore SYSLIB1054

    private static void WriteNewKey(string path)
    {
        using var key = PinnedBytes.Random(Envelope.KeyLength);
        using var line = new PinnedBytes(2 + Base64.GetMaxEncodedToUtf8Length(Envelope.KeyLength) + 1);
        "1:"u8.CopyTo(line.Span);
        Base64.EncodeToUtf8(key.Span, line.Span[2..], out _, out _);
        line.Span[^1] = (byte)'\n';

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(path, options);
        file.Write(line.Span);
        file.Flush(flushToDisk: true);
    }

    // Asks the open file, not the path: the path may have been pointed elsewhere in between.
    private static void CheckMode(FileStream file, string path)
    {
        if (OperatingSystem.IsWindows())
            return;

        var mode = File.GetUnixFileMode(file.SafeFileHandle);
        if ((mode & ~OwnerOnly) != UnixFileMode.None)
        {
            var octal = Convert.ToString((int)mode, toBase: 8).PadLeft(4, '0');
            throw new VaultException(
                VaultError.RootKeysExposed,
                $"The root key file {path} has mode {octal}; only its owner may reach it. Run: chmod 600 {path}");
        }
    }

    private static RootKeySet Parse(ReadOnlySpan<byte> bytes, string path)
    {
        var text = GC.AllocateArray<char>(Encoding.UTF8.GetMaxCharCount(bytes.Length), pinned: true);
        try
        {
            var length = Encoding.UTF8.GetChars(bytes, text);
            return RootKeySet.Read(text.AsSpan(0, length), "\n", $"The root key file {path}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(text.AsSpan()));
        }
    }
}
