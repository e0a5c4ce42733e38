namespace Portal.Dispatch;

/// <summary>A limit has no room for an attempt.</summary>
/// <param name="Why">Its word: <c>day_messages</c>, <c>account_month_segments</c>, <c>trial_messages</c> …</param>
/// <param name="TooLarge">The batch alone is more than it allows.</param>
internal sealed record QuotaFull(string Why, bool TooLarge)
{
    /// <param name="word">Of <c>app.begin_attempt</c>.</param>
    /// <returns>Null: it is about something else.</returns>
    public static QuotaFull? Read(string word) => word.Split(':') switch
    {
        ["full", var why] => new(why, false),
        ["large", var why] => new(why, true),
        _ => null,
    };
}
