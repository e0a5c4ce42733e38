using Npgsql;

namespace Portal.Campaigns;

/// <summary>What became of a campaign's people. The figures of one reading add up to <see cref="People"/>.</summary>
/// <param name="Delivered">People whose receipt says so.</param>
/// <param name="Sent">People handed over, without a final receipt.</param>
/// <param name="InDoubt">People in requests that may or may not have been sent.</param>
/// <param name="Failed">People refused by the provider, or not reached according to their receipt.</param>
/// <param name="Waiting">People not handed over yet.</param>
/// <param name="Skipped">People who get nothing: suppressed, without a field, called off.</param>
/// <param name="CalledOff">Those of the skipped whom a person called off.</param>
public sealed record CampaignOutcome(long Delivered, long Sent, long InDoubt, long Failed, long Waiting, long Skipped, long CalledOff)
{
    /// <summary>The columns that <see cref="Read"/> takes, of sending <c>s</c> and its counts <c>k</c>; one statement, so one moment.</summary>
    internal const string Columns = """
        k.delivered::bigint, (k.accepted - k.delivered - k.undelivered)::bigint, k.in_doubt::bigint,
        (k.refused + k.undelivered)::bigint, (s.messages - k.accepted - k.refused - k.in_doubt - k.dropped - k.cancelled)::bigint,
        (k.skipped + k.dropped + k.cancelled)::bigint, k.cancelled::bigint
        """;

    public static CampaignOutcome None { get; } = new(0, 0, 0, 0, 0, 0, 0);

    public long People => HandedOver + Waiting + Skipped;

    /// <summary>People whose request has left and came back with anything at all, or nothing.</summary>
    public long HandedOver => Delivered + Sent + InDoubt + Failed;

    internal static CampaignOutcome Read(NpgsqlDataReader row, int first) => row.IsDBNull(first) ? None : new(
        row.GetInt64(first), row.GetInt64(first + 1), row.GetInt64(first + 2), row.GetInt64(first + 3), row.GetInt64(first + 4), row.GetInt64(first + 5), row.GetInt64(first + 6));
}
