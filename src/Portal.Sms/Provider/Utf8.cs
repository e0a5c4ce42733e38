using System.Text;

namespace Portal.Sms.Provider;

internal static class Utf8
{
    /// <summary>The bytes without the byte order mark that some senders put in front.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> body) =>
        body.StartsWith("\uFEFF"u8) ? body[3..] : body;

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
