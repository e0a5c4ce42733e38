namespace Portal.Sms.Provider;

/// <summary>
/// One receipt as the provider pushed it (provider document section 4). It is unsigned: whoever knows an apikey can write one.
/// </summary>
/// <param name="ApiKey">Says which account; untouched.</param>
/// <param name="TaskId">Of the request, as text.</param>
/// <param name="Mobile">The number, perhaps with parts hidden.</param>
/// <param name="Masked">True when parts of the number are hidden.</param>
/// <param name="Status">The raw word; <see cref="ReceiptWords"/> says what it means.</param>
/// <param name="Times">The operator's time as it was written, empty when missing.</param>
public sealed record ProviderReceipt(string ApiKey, string TaskId, string Mobile, bool Masked, string Status, string Times)
{
    /// <summary>The operator's time in UTC, when it can be read.</summary>
    public DateTimeOffset? At => ProviderClock.ReceiptTime(Times);

    /// <summary>Neither apikey nor number: it may end in a log.</summary>
    public override string ToString() => $"receipt of {TaskId}: {Status}";
}

/// <summary>Why a body is not a receipt.</summary>
public enum ReceiptProblem
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>More than 4 KB.</summary>
    TooLong,

    /// <summary>Not one JSON object, not even one sent as a form.</summary>
    NotJson,

    /// <summary>A field stands twice, so nobody knows which is meant.</summary>
    DuplicateField,

    /// <summary>No apikey, taskid, mobile or status.</summary>
    MissingField,

    /// <summary>A field is neither a text nor a whole number.</summary>
    WrongKind,

    /// <summary>A field is longer than any real one.</summary>
    FieldTooLong,

    /// <summary>A NUL character, which the database cannot hold.</summary>
    NulCharacter,
}
