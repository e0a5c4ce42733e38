using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Portal.Sms.Provider;

/// <summary>
/// Reads a pushed receipt (provider document section 4.2), whose own example is not valid JSON: it ends in a comma.
/// Anybody can post to the address, so every length is bounded; whatever the bytes are, it answers and never throws.
/// </summary>
public static class ReceiptReader
{
    /// <summary>The longest body, in bytes.</summary>
    public const int LongestBody = 4096;

    private const int ApiKey = 0;
    private const int TaskId = 1;
    private const int Mobile = 2;
    private const int Status = 3;
    private const int Times = 4;

    private static readonly (byte[] Name, int Longest)[] _fields =
    [
        ("apikey"u8.ToArray(), 200),
        ("taskid"u8.ToArray(), 64),
        ("mobile"u8.ToArray(), 20),
        ("status"u8.ToArray(), 64),
        ("times"u8.ToArray(), 32),
    ];

    private static readonly JsonReaderOptions _options = new() { AllowTrailingCommas = true, MaxDepth = 4 };

    /// <summary>Reads one. Names of fields are lower case; other fields are passed over.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out ProviderReceipt? receipt, out ReceiptProblem problem)
    {
        receipt = null;
        if (body.Length > LongestBody)
        {
            problem = ReceiptProblem.TooLong;
            return false;
        }
        var values = new string?[_fields.Length];
        problem = Parse(Utf8.WithoutMark(body), values);
        if (problem is ReceiptProblem.NotJson && FormBody.TryDecode(body, out var json))
        {
            Array.Clear(values);
            problem = Parse(json, values);
            values[Times] = values[Times]?.Replace('+', ' ');
        }
        if (problem is ReceiptProblem.None && values.AsSpan(0, Times).ContainsAny(null, ""))
            problem = ReceiptProblem.MissingField;
        if (problem is not ReceiptProblem.None)
            return false;
        receipt = Receipt(values);
        return true;
    }

    private static ProviderReceipt Receipt(string?[] values) => new(
        values[ApiKey]!,
        values[TaskId]!,
        values[Mobile]!,
        Masked: values[Mobile].AsSpan().ContainsAnyExceptInRange('0', '9'),
        values[Status]!,
        values[Times] ?? "");

    private static ReceiptProblem Parse(ReadOnlySpan<byte> body, string?[] values)
    {
        try
        {
            var json = new Utf8JsonReader(body, _options);
            return json.Read() && json.TokenType is JsonTokenType.StartObject ? ReadFields(ref json, values) : ReceiptProblem.NotJson;
        }
        catch (JsonException)
        {
            return ReceiptProblem.NotJson;
        }
        catch (InvalidOperationException)
        {
            // How the reader says that a string is not UTF-8, or holds half of a surrogate pair.
            return ReceiptProblem.NotJson;
        }
    }

    private static ReceiptProblem ReadFields(ref Utf8JsonReader json, string?[] values)
    {
        var seen = 0;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var field = Field(ref json);
            json.Read();
            if (field < 0)
            {
                json.Skip();
                continue;
            }
            if ((seen & (1 << field)) != 0)
                return ReceiptProblem.DuplicateField;
            seen |= 1 << field;
            var problem = ReadValue(ref json, _fields[field].Longest, out values[field]);
            if (problem is not ReceiptProblem.None)
                return problem;
        }
        return json.Read() ? ReceiptProblem.NotJson : ReceiptProblem.None;
    }

    private static int Field(ref Utf8JsonReader json)
    {
        for (var i = 0; i < _fields.Length; i++)
        {
            if (json.ValueTextEquals(_fields[i].Name))
                return i;
        }
        return -1;
    }

    private static ReceiptProblem ReadValue(ref Utf8JsonReader json, int longest, out string? value)
    {
        value = null;
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return ReceiptProblem.None;
            case JsonTokenType.String:
                value = json.GetString()!;
                break;
            // With a point or an exponent it is no id any more.
            case JsonTokenType.Number when json.ValueSpan.IndexOfAny(".eE"u8) < 0:
                value = Utf8.Text(json.ValueSpan);
                break;
            default:
                return ReceiptProblem.WrongKind;
        }
        return value.Length > longest ? ReceiptProblem.FieldTooLong
            : value.Contains('\0', StringComparison.Ordinal) ? ReceiptProblem.NulCharacter
            : ReceiptProblem.None;
    }
}
