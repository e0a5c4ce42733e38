using System.Text;

namespace Portal.Contacts;

/// <summary>Tells text from what is none, and brings it to UTF-8 without a byte order mark.</summary>
internal static class UploadedText
{
    private const int Sample = 64 * 1024;

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly byte[][] _workbooks = [[0x50, 0x4B, 0x03, 0x04], [0x50, 0x4B, 0x05, 0x06], [0xD0, 0xCF, 0x11, 0xE0]];

    private static readonly byte[][] _notText =
        [[0x89, 0x50, 0x4E, 0x47], [0xFF, 0xD8, 0xFF], "GIF8"u8.ToArray(), "%PDF"u8.ToArray(), [0x1F, 0x8B], "{\\rtf"u8.ToArray(), "7z"u8.ToArray(), "Rar!"u8.ToArray()];

    /// <summary>Problems of <c>File</c>: <c>file_empty</c>, <c>file_workbook</c>, <c>file_not_text</c>, <c>file_encoding</c>.</summary>
    public static Result<byte[]> ToUtf8(byte[] raw)
    {
        if (_workbooks.Any(m => raw.AsSpan().StartsWith(m)))
            return new Problem("File", "file_workbook");
        if (_notText.Any(m => raw.AsSpan().StartsWith(m)))
            return new Problem("File", "file_not_text");
        if (Find(raw) is not var (encoding, skip))
            return new Problem("File", raw.Contains((byte)0) ? "file_not_text" : "file_encoding");
        return Check(Decode(raw, encoding, skip));
    }

    private static (Encoding Encoding, int Skip)? Find(byte[] raw) => raw switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Valid(_utf8, raw, 3),
        [0xFF, 0xFE, ..] => Valid(Utf16(false), raw, 2),
        [0xFE, 0xFF, ..] => Valid(Utf16(true), raw, 2),
        _ when LooksLikeUtf16(raw) is { } bigEndian => Valid(Utf16(bigEndian), raw, 0),
        _ when raw.Contains((byte)0) => null,
        _ => Valid(_utf8, raw, 0) ?? Valid(Gb18030(), raw, 0),
    };

    private static Result<byte[]> Check(byte[]? utf8)
    {
        if (utf8 is null)
            return new Problem("File", "file_encoding");
        if (utf8.AsSpan().IndexOfAnyInRange((byte)0, (byte)8) >= 0)
            return new Problem("File", "file_not_text");
        return utf8.AsSpan().Trim(" \t\r\n"u8) switch
        {
            [] => new Problem("File", "file_empty"),
            [(byte)'<', ..] => new Problem("File", "file_not_csv"),
            _ => utf8,
        };
    }

    private static (Encoding, int)? Valid(Encoding encoding, byte[] raw, int skip)
    {
        try
        {
            encoding.GetCharCount(raw, skip, raw.Length - skip);
            return (encoding, skip);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static byte[]? Decode(byte[] raw, Encoding encoding, int skip) =>
        ReferenceEquals(encoding, _utf8) ? (skip == 0 ? raw : raw[skip..]) : Encoding.Convert(encoding, _utf8, raw, skip, raw.Length - skip);

    // Latin letters and digits in UTF-16 have a zero in every second byte, always on the same side.
    private static bool? LooksLikeUtf16(byte[] raw)
    {
        var sample = raw.AsSpan(0, Math.Min(raw.Length, Sample));
        int even = 0, odd = 0;
        for (var i = 0; i < sample.Length; i++)
        {
            if (sample[i] == 0)
                _ = i % 2 == 0 ? even++ : odd++;
        }
        var many = sample.Length / 10;
        return (even > many, odd > many) switch
        {
            (true, false) when odd == 0 => true,
            (false, true) when even == 0 => false,
            _ => null,
        };
    }

    private static UnicodeEncoding Utf16(bool bigEndian) => new(bigEndian, byteOrderMark: false, throwOnInvalidBytes: true);

    private static Encoding Gb18030() =>
        CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;
}
