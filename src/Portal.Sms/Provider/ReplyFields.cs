using System.Text.Json;

namespace Portal.Sms.Provider;

/// <summary>
/// The fields of a reply, found whatever the case of their names, as strings or numbers, inside <c>data</c> or beside it.
/// A field that stands twice makes the reply unreadable: nobody knows which one is meant.
/// </summary>
internal sealed class ReplyFields
{
    private static readonly JsonReaderOptions _options = new() { AllowTrailingCommas = true, MaxDepth = 16 };

    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);

    public string? Status { get; private set; }

    public string? Code { get; private set; }

    public string? TaskId { get; private set; }

    public int? ValidNumber { get; private set; }

    public int? Segments { get; private set; }

    /// <summary>A field of data is there and cannot be read.</summary>
    public bool Garbled { get; private set; }

    /// <summary>Something shows that the provider took numbers. An id of nothing but zeros is a default, not an id.</summary>
    public bool HasTaken => (TaskId is not null && TaskId.AsSpan().ContainsAnyExcept('0')) || ValidNumber > 0 || Segments > 0;

    public static bool TryRead(ReadOnlySpan<byte> body, out ReplyFields fields)
    {
        fields = new ReplyFields();
        try
        {
            var json = new Utf8JsonReader(Utf8.WithoutMark(body), _options);
            return json.Read() && json.TokenType is JsonTokenType.StartObject && fields.ReadObject(ref json, outer: true) && !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // How the reader says that a string is not UTF-8, or holds half of a surrogate pair.
            return false;
        }
    }

    // Only the reply itself has a status and a code; what is called so inside its data is something else.
    private bool ReadObject(ref Utf8JsonReader json, bool outer)
    {
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            if (!(outer && IsField(name, "status", "code", "data") ? ReadOuter(ref json, name) : ReadInner(ref json, name)))
                return false;
        }
        return true;
    }

    private bool ReadOuter(ref Utf8JsonReader json, string name)
    {
        if (!_seen.Add(name))
            return false;
        if (IsField(name, "data"))
            return ReadData(ref json);
        if (!JsonScalar.TryRead(ref json, out var text))
            return false;
        if (IsField(name, "status"))
            Status = text;
        else
            Code = text;
        return true;
    }

    private bool ReadInner(ref Utf8JsonReader json, string name)
    {
        if (!IsField(name, "taskid", "validnumber", "jfts"))
        {
            json.Skip();
            return true;
        }
        int? count = null;
        string? taskId = null;
        Garbled |= !(IsField(name, "taskid") ? JsonScalar.TryReadId(ref json, out taskId) : JsonScalar.TryReadCount(ref json, out count));
        TaskId ??= taskId;
        if (IsField(name, "validnumber"))
            ValidNumber = count;
        else if (IsField(name, "jfts"))
            Segments = count;
        return _seen.Add(name);
    }

    // The document calls it a list, its example shows an object; a failing reply may put nothing or an empty text there.
    private bool ReadData(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(ref json, outer: false);
            case JsonTokenType.StartArray:
                while (json.Read() && json.TokenType is JsonTokenType.StartObject)
                {
                    if (!ReadObject(ref json, outer: false))
                        return false;
                }
                return json.TokenType is JsonTokenType.EndArray;
            default:
                Garbled |= !(JsonScalar.TryRead(ref json, out var text) && string.IsNullOrWhiteSpace(text));
                return true;
        }
    }

    private static bool IsField(string name, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (name.Equals(field, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
