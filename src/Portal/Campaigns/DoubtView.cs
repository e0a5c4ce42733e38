namespace Portal.Campaigns;

/// <summary>The requests in doubt of one sending. Figures are of all of them, however many are listed.</summary>
/// <param name="CampaignId">Null for a test message.</param>
/// <param name="Cancelled">It was called off: nothing of it can be sent again.</param>
/// <param name="People">Whom no receipt has told of.</param>
/// <param name="Due">Requests that may be sent again by now.</param>
/// <param name="DuePeople">Whom that would reach, perhaps for the second time.</param>
public sealed record DoubtfulSending(
    Guid SendingId, Guid? CampaignId, string Name, bool Cancelled, string AccountLabel, long Batches, long People, long Due, long DuePeople, IReadOnlyList<DoubtfulRequest> Requests);

/// <summary>A request that may or may not have been sent.</summary>
/// <param name="Why">Word of the doubt.</param>
/// <param name="Since">When the request left.</param>
/// <param name="People">In its batch, with those whom receipts have told of.</param>
/// <param name="Receipts">Those whom receipts have told of: they are settled.</param>
/// <param name="MaySendFrom">From when it may be sent again.</param>
/// <param name="Unknown">Nobody has decided for 72 hours, and nothing will tell any more.</param>
/// <param name="Masked">The first few of those still in doubt.</param>
public sealed record DoubtfulRequest(
    int BatchNo, string Why, DateTimeOffset Since, int People, int Receipts, DateTimeOffset MaySendFrom, bool Unknown, IReadOnlyList<string> Masked)
{
    /// <summary>How many get it twice at most when it is sent again.</summary>
    public int Untold => People - Receipts;
}
