using Portal.Dispatch;

namespace Portal.Web.Admin;

/// <param name="Why">The word of the hold, with <paramref name="Reason"/> as its sentence; null: nothing is held.</param>
/// <param name="Store">Where the store outside the database lies.</param>
/// <param name="Sendings">With something left to send; null after a release.</param>
/// <param name="Released">What a release did.</param>
internal sealed record AdminDispatch(
    bool Held, string? Why, string? Reason, DateTimeOffset? Since, long? ReservedInside, long? ReservedOutside, string? Store, int? Sendings, AdminRelease? Released)
{
    public IEnumerable<string> ToLines()
    {
        yield return Released is null ? Held ? $"held {Why}: {Reason}" : "not held" : $"released {Why}: {Reason}";
        if (Store is not null)
            yield return $"numbers reserved: {ReservedInside} in the database, {ReservedOutside?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"} in {Store}";
        if (Sendings is not null)
            yield return $"sendings with something left to send: {Sendings}";
        foreach (var line in Released?.ToLines() ?? [])
            yield return line;
    }
}

/// <param name="InDoubt">Sendings whose batches were planned or under way at the point that was restored.</param>
/// <param name="PausedPreparing">Sendings that were still being prepared.</param>
/// <param name="CampaignsHeldBack">Campaigns that came due since that point.</param>
internal sealed record AdminRelease(IReadOnlyList<RestoredSending> InDoubt, int PausedPreparing, IReadOnlyList<Guid> CampaignsHeldBack)
{
    public IEnumerable<string> ToLines()
    {
        foreach (var sending in InDoubt)
            yield return $"in doubt, restored: tenant {sending.TenantId} sending {sending.SendingId} batches {sending.Batches} people {sending.People}";
        if (PausedPreparing > 0)
            yield return $"paused, still being prepared: {PausedPreparing} sendings";
        foreach (var campaign in CampaignsHeldBack)
            yield return $"not started, came due since: campaign {campaign}";
    }
}
