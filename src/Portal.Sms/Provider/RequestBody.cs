using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Portal.Sms.Provider;

/// <summary>Writes the JSON of a request (provider document sections 2.2 and 3.2).</summary>
internal static class RequestBody
{
    // Chinese goes as UTF-8, and the + and / of an apikey as themselves: a body is read by a provider, never by a browser.
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ArrayBufferWriter<byte> Write(ReadOnlySpan<byte> apiKey, string timestamp, string sign, ProviderMessage message)
    {
        // Large enough from the start: growing would leave a copy that nobody zeroes.
        var body = new ArrayBufferWriter<byte>(Room(apiKey, message));
        using var json = new Utf8JsonWriter(body, _options);
        json.WriteStartObject();
        json.WriteString("apikey"u8, apiKey);
        json.WriteString("timestamp"u8, timestamp);
        json.WriteString("sign"u8, sign);
        json.WriteString("mobile"u8, string.Join(',', message.Numbers));
        json.WriteString("content"u8, message.Content);
        WriteOptional(json, "senderid"u8, message.SenderId);
        WriteOptional(json, "templateid"u8, message.TemplateId);
        WriteOptional(json, "signname"u8, message.SignName);
        json.WriteEndObject();
        json.Flush();
        return body;
    }

    private static void WriteOptional(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            json.WriteString(name, value);
    }

    // The writer asks for 4 KB, or for three bytes a character of the (escaped, at most six times as long) text that comes next.
    public static int Room(ReadOnlySpan<byte> apiKey, ProviderMessage message)
    {
        const int FixedParts = 8192;
        const int Translated = 3;
        const int Escaped = 6;
        var texts = message.Content.Length + Length(message.SenderId) + Length(message.TemplateId) + Length(message.SignName);
        return FixedParts + (apiKey.Length * Escaped) + (message.Numbers.Sum(n => n.Length + 1) * Translated) + (texts * Escaped * Translated);
    }

    private static int Length(string? text) => text?.Length ?? 0;
}
