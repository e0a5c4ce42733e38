namespace Portal.Sms.Provider;

/// <summary>
/// One text for one request (provider document section 2.2). Numbers are digits with their country code and no plus.
/// The optional fields are left out of the request when they are null or empty.
/// </summary>
public sealed record ProviderMessage(
    IReadOnlyList<string> Numbers,
    string Content,
    string? SenderId = null,
    string? TemplateId = null,
    string? SignName = null)
{
    /// <summary>Says how many numbers, never which, nor the text: it may end in a log.</summary>
    public override string ToString() => $"{Numbers.Count} numbers";
}
