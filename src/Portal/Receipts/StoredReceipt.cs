using Portal.Sms.Provider;

namespace Portal.Receipts;

/// <summary>A receipt as the inbox, or the parking place, holds it.</summary>
internal sealed record StoredReceipt(long Id, DateTimeOffset ReceivedAt, byte[] Body, int Tries);

/// <summary>A receipt that was read, and the accounts whose apikey it carries.</summary>
internal sealed record ReadReceipt(StoredReceipt Stored, ProviderReceipt? Receipt, IReadOnlyList<AccountOfKey> Accounts)
{
    /// <summary>Why it is parked when nothing matches: a word for operators.</summary>
    public string ParkedReason => Receipt is null ? "unreadable" : Accounts.Count == 0 ? "unknown_apikey" : "no_message";
}

/// <summary>An account that proved the apikey.</summary>
internal sealed record AccountOfKey(Guid TenantId, Guid AccountId);
