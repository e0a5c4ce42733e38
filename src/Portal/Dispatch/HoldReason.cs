using Npgsql;

namespace Portal.Dispatch;

/// <summary>Why nothing may be sent until an operator releases it: words of <c>infra.dispatch_state.held_why</c>.</summary>
internal static class HoldReason
{
    /// <summary>The database has sent before, and the store outside knows nothing of it.</summary>
    public const string NoRecord = "no_record";

    /// <summary>Another cluster: the data came here by a dump, or this is another server.</summary>
    public const string OtherServer = "other_server";

    public const string OtherDatabase = "other_database";

    /// <summary>Recovered to a point in time, or a standby that took over.</summary>
    public const string OtherTimeline = "other_timeline";

    /// <summary>More was sent than the database knows of.</summary>
    public const string DatabaseBehind = "database_behind";

    /// <summary>The store knows less than the database: it is an old copy, or not the one that was used before.</summary>
    public const string StoreBehind = "store_behind";

    /// <summary>Holds the database and the store against each other; null when they fit.</summary>
    public static async Task<string?> FindAsync(NpgsqlConnection connection, FenceFacts inside, FenceRecord? outside, IReadOnlyList<FenceMark> marks, CancellationToken ct)
    {
        if (inside.HeldWhy is not null)
            return inside.HeldWhy;
        if (OfRecord(inside, outside, marks) is { } why)
            return why;
        foreach (var mark in marks)
        {
            if (!await FenceFacts.HasAsync(connection, mark, ct))
                return DatabaseBehind;
        }
        return null;
    }

    private static string? OfRecord(FenceFacts inside, FenceRecord? outside, IReadOnlyList<FenceMark> marks)
    {
        if (outside is null)
            return inside.ReservedTo == 0 ? null : NoRecord;
        if (outside.SystemIdentifier != inside.SystemIdentifier)
            return OtherServer;
        if (outside.Database != inside.Database)
            return OtherDatabase;
        if (outside.Timeline != inside.Timeline)
            return OtherTimeline;
        if (outside.ReservedTo < inside.ReservedTo)
            return StoreBehind;
        // One block more, of which nothing left: somebody died between the two writes.
        var ahead = outside.ReservedTo - inside.ReservedTo;
        return ahead > RestoreFence.BlockSize || (ahead > 0 && marks.Any(m => m.Number > inside.ReservedTo)) ? DatabaseBehind : null;
    }
}
