namespace Portal.Sms.Provider;

/// <summary>
/// Reads a reply as provider README sections 1 and 3 say: tolerant in form, strict about what counts as "nothing was sent".
/// Whatever the bytes are, it answers and never throws.
/// </summary>
public static class ReplyReader
{
    /// <summary>Reads the HTTP status and the body of a reply.</summary>
    public static ProviderAnswer Read(int httpStatus, ReadOnlySpan<byte> body)
    {
        var answer = httpStatus switch
        {
            >= 200 and <= 299 or >= 400 and <= 499 => ReadBody(body),
            >= 300 and <= 399 => ProviderAnswer.InDoubt(DoubtReason.Redirected),
            _ => ProviderAnswer.InDoubt(DoubtReason.ServerError),
        };
        return answer with { HttpStatus = httpStatus };
    }

    private static ProviderAnswer ReadBody(ReadOnlySpan<byte> body)
    {
        if (!ReplyFields.TryRead(body, out var reply))
            return ProviderAnswer.InDoubt(DoubtReason.Unreadable);
        var status = Normalise(reply.Status);
        var code = Normalise(reply.Code);
        if (status is null && code is null)
            return ProviderAnswer.InDoubt(DoubtReason.Unreadable);
        return (status ?? code) == ProviderCodes.Success
            ? Success(reply, code)
            : Refusal(reply, code is null or ProviderCodes.Success ? status : code, contradicted: code == ProviderCodes.Success);
    }

    // A success by its status that names a listed error as its code says two things at once.
    private static ProviderAnswer Success(ReplyFields reply, string? code) =>
        code is not ProviderCodes.Success && ProviderCodes.IsListed(code)
            ? Refusal(reply, code, contradicted: true)
            : new ProviderAnswer
            {
                Kind = AnswerKind.Accepted,
                Code = ProviderCodes.Success,
                TaskId = reply.TaskId,
                ValidNumber = reply.ValidNumber,
                Segments = reply.Segments,
            };

    private static ProviderAnswer Refusal(ReplyFields reply, string? code, bool contradicted)
    {
        if (code == "999")
            return Known(DoubtReason.SystemError999, reply, code);
        if (!ProviderCodes.IsListed(code))
            return Known(DoubtReason.UnknownCode, reply, Showable(code));
        if (contradicted || reply.HasTaken)
            return Known(DoubtReason.RefusedButTaken, reply, code);
        return reply.Garbled
            ? Known(DoubtReason.Unreadable, reply, code)
            : new ProviderAnswer { Kind = AnswerKind.Refused, Code = code };
    }

    private static ProviderAnswer Known(DoubtReason why, ReplyFields reply, string? code) => ProviderAnswer.InDoubt(why, code: code) with
    {
        TaskId = reply.TaskId,
        ValidNumber = reply.ValidNumber,
        Segments = reply.Segments,
    };

    // "0", 0 and "000" are one code; anything but digits stays as it is. An empty one counts as missing.
    private static string? Normalise(string? code)
    {
        var trimmed = code?.Trim();
        if (string.IsNullOrEmpty(trimmed))
            return null;
        return trimmed.All(char.IsAsciiDigit) ? trimmed.TrimStart('0').PadLeft(3, '0') : trimmed;
    }

    // An unknown code is kept to be shown and stored, so it must be short and plain.
    private static string? Showable(string? code) =>
        code is { Length: <= 16 } && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or ':' or '.') ? code : null;
}
