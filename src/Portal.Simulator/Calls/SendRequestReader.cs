using System.Buffers;
using System.Text.Json;

namespace Portal.Simulator.Calls;

/// <summary>Reads the body of a call. Null means code 108: not JSON by its header, not JSON at all, a parameter that is no string.</summary>
internal static class SendRequestReader
{
    private const int LongestBody = 1 << 20;
    private const string Json = "application/json";

    public static async ValueTask<SendRequest?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!IsJson(request.ContentType))
            return null;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (read.IsCompleted || read.Buffer.Length > LongestBody)
            {
                var parsed = read.Buffer.Length > LongestBody ? null : Parse(read.Buffer);
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return parsed;
            }
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static SendRequest? Parse(ReadOnlySequence<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return ReadObject(ref reader);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // What the reader throws at a string that is not valid UTF-8 or holds half a surrogate pair.
            return null;
        }
    }

    private static SendRequest? ReadObject(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        var request = new SendRequest();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!ReadParameter(ref reader, request))
                return null;
        }
        return reader.Read() ? null : request;
    }

    private static bool ReadParameter(ref Utf8JsonReader reader, SendRequest request)
    {
        if (NameOf(ref reader) is not { } name)
        {
            reader.Skip();
            return true;
        }
        reader.Read();
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
            return false;
        request.Set(name, reader.GetString());
        return true;
    }

    private static SendParameter? NameOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("apikey"u8) ? SendParameter.Apikey
        : reader.ValueTextEquals("timestamp"u8) ? SendParameter.Timestamp
        : reader.ValueTextEquals("sign"u8) ? SendParameter.Sign
        : reader.ValueTextEquals("mobile"u8) ? SendParameter.Mobile
        : reader.ValueTextEquals("content"u8) ? SendParameter.Content
        : reader.ValueTextEquals("senderid"u8) ? SendParameter.SenderId
        : reader.ValueTextEquals("templateid"u8) ? SendParameter.TemplateId
        : reader.ValueTextEquals("signname"u8) ? SendParameter.SignName
        : null;

    /// <summary>Provider document section 1.1: JSON, and UTF-8 when a charset is named. Its own example ends with a semicolon.</summary>
    private static bool IsJson(string? contentType)
    {
        if (contentType is null || !contentType.StartsWith(Json, StringComparison.OrdinalIgnoreCase))
            return false;
        var rest = contentType.AsSpan(Json.Length).Trim();
        if (rest.Length > 0 && rest[0] != ';')
            return false;
        var charset = rest.IndexOf("charset=", StringComparison.OrdinalIgnoreCase);
        return charset < 0 || rest[(charset + 8)..].TrimStart('"').StartsWith("utf-8", StringComparison.OrdinalIgnoreCase);
    }
}
