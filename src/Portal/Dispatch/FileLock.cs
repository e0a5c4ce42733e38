namespace Portal.Dispatch;

/// <summary>A lock that the operating system gives up when its process ends, however it ends.</summary>
internal static class FileLock
{
    /// <summary>What the system answers when somebody else holds the file.</summary>
    private const int TryAgain = 11;

    /// <summary>Null: somebody else holds it, alone or with others.</summary>
    public static FileStream? TryTake(string path) => Open(path, FileAccess.ReadWrite, FileShare.None);

    /// <summary>With others, but with nobody who wants it alone. Null: somebody has it alone.</summary>
    public static FileStream? TryShare(string path) => Open(path, FileAccess.Read, FileShare.Read);

    private static FileStream? Open(string path, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, access, share);
        }
        catch (IOException e) when (e.HResult == TryAgain)
        {
            return null;
        }
    }
}
