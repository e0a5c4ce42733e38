using System.Globalization;

namespace Portal.Vault;

internal sealed record RootKeySet(IReadOnlyDictionary<int, PinnedBytes> Keys, int ActiveId)
{
    private const string ActiveWord = "active ";

    public static RootKeySet Read(ReadOnlySpan<char> text, string lineEnds, string source)
    {
        var keys = new Dictionary<int, PinnedBytes>();
        int? active = null;
        var number = 0;
        foreach (var range in text.SplitAny(lineEnds))
        {
            number++;
            var line = text[range].Trim();
            if (line.IsEmpty || line[0] == '#')
                continue;

            if (line.StartsWith(ActiveWord, StringComparison.Ordinal))
                active = active is null ? ReadId(line[ActiveWord.Length..], number, source) : throw Bad(source, number, "names a second active key");
            else
                Add(keys, line, number, source);
        }

        if (keys.Count == 0)
            throw new VaultException(VaultError.BadRootKeys, $"{source} has no key. A line is 'id:base64 of 32 bytes'.");
        if (active is { } id && !keys.ContainsKey(id))
            throw new VaultException(VaultError.BadRootKeys, $"{source} names an active key that it does not have.");
        return new RootKeySet(keys, active ?? keys.Keys.Max());
    }

    private static void Add(Dictionary<int, PinnedBytes> keys, ReadOnlySpan<char> line, int number, string source)
    {
        var colon = line.IndexOf(':');
        if (colon < 0)
            throw Bad(source, number, "is not 'id:base64 of 32 bytes'");

        var id = ReadId(line[..colon], number, source);
        var key = new PinnedBytes(Envelope.KeyLength);
        if (!Convert.TryFromBase64Chars(line[(colon + 1)..], key.Span, out var length) || length != Envelope.KeyLength)
            throw Bad(source, number, "has a key that is not 32 bytes in base64");
        // A placeholder left in a deployment file would otherwise seal everything under a key that anybody can guess.
        if (!((ReadOnlySpan<byte>)key.Span).ContainsAnyExcept(key.Span[0]))
            throw Bad(source, number, "has a key that is not random");
        if (!keys.TryAdd(id, key))
            throw Bad(source, number, "repeats an id");
    }

    private static int ReadId(ReadOnlySpan<char> text, int number, string source) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id is >= 1 and <= ushort.MaxValue
            ? id
            : throw Bad(source, number, "has an id that is not 1 to 65535");

    // Names the line, never its text: the text is, or may be a mistyped form of, the key.
    private static VaultException Bad(string source, int number, string what) =>
        new(VaultError.BadRootKeys, $"{source}: line {number.ToString(CultureInfo.InvariantCulture)} {what}.");
}
