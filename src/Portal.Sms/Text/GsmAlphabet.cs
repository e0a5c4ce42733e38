namespace Portal.Sms.Text;

/// <summary>The GSM 7 bit default alphabet and its extension table (3GPP TS 23.038 sections 6.2.1 and 6.2.1.1).</summary>
internal static class GsmAlphabet
{
    // In the order of the codes 0x00 to 0x7F; 0x1B, the escape to the extension, is no character.
    private const string Default =
        "@£$¥èéùìòÇ\nØø\rÅå" +
        "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ" +
        " !\"#¤%&'()*+,-./" +
        "0123456789:;<=>?" +
        "¡ABCDEFGHIJKLMNO" +
        "PQRSTUVWXYZÄÖÑÜ§" +
        "¿abcdefghijklmno" +
        "pqrstuvwxyzäöñüà";

    private const string Extension = "\f^{}\\[~]|€";

    private static readonly byte[] _table = Build();

    /// <summary>1 or 2 septets; 0 for a character that is in neither table.</summary>
    public static int Septets(char character) => character < _table.Length ? _table[character] : 0;

    private static byte[] Build()
    {
        var table = new byte[(Default + Extension).Max() + 1];
        foreach (var character in Default)
            table[character] = 1;
        foreach (var character in Extension)
            table[character] = 2;
        return table;
    }
}
