namespace Portal.Accounts;

/// <summary>What a person may set about how an account sends.</summary>
/// <param name="Rate">Requests a second that the provider allows.</param>
/// <param name="Concurrency">Requests open at once that the provider allows.</param>
/// <param name="BatchSize">Numbers in one request, 1 to 1000.</param>
/// <param name="ReceiptHours">Hours, 1 to 720, after which a message without a receipt reads "no receipt".</param>
/// <param name="SenderId">2 to 10 letters or digits; none when empty (provider document section 2.2).</param>
public sealed record AccountSettings(
    string Label, int Rate = 100, int Concurrency = 100, int BatchSize = 100, string? SenderId = null, string? TemplateId = null, string? SignName = null, int ReceiptHours = 72)
{
    /// <summary>Without the blanks around names; what is empty is nothing.</summary>
    internal AccountSettings Clean() => this with
    {
        Label = Label.Trim(),
        SenderId = Text(SenderId),
        TemplateId = Text(TemplateId),
        SignName = Text(SignName),
    };

    internal IEnumerable<Problem> Check()
    {
        if (Label.Length == 0)
            yield return new Problem("Label", "required");
        if (Label.Length > 60)
            yield return new Problem("Label", "too_long", 60);
        if (Rate is < 1 or > 100_000)
            yield return new Problem("Rate", "out_of_range", 1, 100_000);
        if (Concurrency is < 1 or > 10_000)
            yield return new Problem("Concurrency", "out_of_range", 1, 10_000);
        if (BatchSize is < 1 or > 1000)
            yield return new Problem("BatchSize", "out_of_range", 1, 1000);
        if (ReceiptHours is < 1 or > 720)
            yield return new Problem("ReceiptHours", "out_of_range", 1, 720);
        if (SenderId is { } sender && (sender.Length is < 2 or > 10 || !sender.All(char.IsAsciiLetterOrDigit)))
            yield return new Problem("SenderId", "sender_id_form");
        if (TemplateId is { Length: > 64 })
            yield return new Problem("TemplateId", "too_long", 64);
        if (SignName is { Length: > 64 })
            yield return new Problem("SignName", "too_long", 64);
    }

    internal void ApplyTo(Account account)
    {
        account.Label = Label;
        account.Rate = Rate;
        account.Concurrency = Concurrency;
        account.BatchSize = BatchSize;
        account.SenderId = SenderId;
        account.TemplateId = TemplateId;
        account.SignName = SignName;
        account.ReceiptHours = ReceiptHours;
    }

    internal static AccountSettings Of(Account account) => new(
        account.Label, account.Rate, account.Concurrency, account.BatchSize, account.SenderId, account.TemplateId, account.SignName, account.ReceiptHours);

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
