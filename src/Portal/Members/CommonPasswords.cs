using System.IO.Compression;

namespace Portal.Members;

/// <summary>
/// Passwords of 12 and more characters that were found most often in published leaks: some 12,000, in lower case, bundled with
/// the program. Read at the first question; nothing is asked of anybody else.
/// </summary>
internal static class CommonPasswords
{
    private static readonly Lazy<HashSet<string>> _all = new(Read);

    public static bool Contains(string password) => _all.Value.Contains(password.ToLowerInvariant());

    private static HashSet<string> Read()
    {
        using var file = typeof(CommonPasswords).Assembly.GetManifestResourceStream("Portal.Members.common-passwords.txt.gz")
            ?? throw new InvalidOperationException("The list of common passwords is missing.");
        using var text = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var all = new HashSet<string>(StringComparer.Ordinal);
        while (text.ReadLine() is { } line)
            all.Add(line);
        return all;
    }
}
