using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Contacts;
using Portal.Data;

namespace Portal.Campaigns;

/// <summary>Why a campaign that is due does not start, as words: a person is asked what becomes of it.</summary>
public static class StartObstacle
{
    /// <summary>Its last allowed time had passed.</summary>
    public const string TooLate = "too_late";

    /// <summary>It came due after the backup was taken from which the database was restored: people may have it already.</summary>
    public const string Restored = "restored";

    public const string AccountMissing = "account_missing";

    public const string AccountDisabled = "account_disabled";

    /// <summary>One of its lists does not exist any more: it would go to fewer people than was meant, or to nobody.</summary>
    public const string ListGone = "list_gone";

    /// <summary>What stands in the way now; null when nothing does. A stopped account does not: the campaign waits for it.</summary>
    internal static async Task<string?> FindAsync(PortalDb db, Campaign campaign, Account? account, CancellationToken ct)
    {
        if (account is null)
            return AccountMissing;
        if (account.State == AccountState.Disabled)
            return AccountDisabled;
        var lists = await db.Set<ContactList>().CountAsync(l => campaign.ListIds.Contains(l.Id), ct);
        return lists < campaign.ListIds.Length ? ListGone : null;
    }
}
