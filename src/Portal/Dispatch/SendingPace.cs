namespace Portal.Dispatch;

/// <summary>How a sending goes out, where it shall not simply be as fast as its account allows.</summary>
/// <param name="SpreadUntil">Its requests are spread evenly up to here.</param>
/// <param name="Canary">Its first messages go alone.</param>
/// <param name="LastAt">Whoever quiet hours put off past this gets nothing; null: they wait however long.</param>
public sealed record SendingPace(DateTimeOffset? SpreadUntil, SendingCanary? Canary, DateTimeOffset? LastAt = null);

/// <summary>The first messages of a sending; the rest follows only when enough of them were delivered.</summary>
/// <param name="Messages">How many, from 1 on.</param>
/// <param name="Percent">How many in a hundred of them must be delivered, 1 to 100.</param>
/// <param name="Minutes">How long their receipts may take, 1 to 1440; then a person decides.</param>
public sealed record SendingCanary(int Messages, int Percent, int Minutes);
