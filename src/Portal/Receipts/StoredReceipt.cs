using System.Net;
using Portal.Sms.Provider;

namespace Portal.Receipts;

/// <summary>A receipt as the inbox, or the parking place, holds it.</summary>
/// <param name="Id">The inbox's sequence: the order of arrival.</param>
/// <param name="Tries">How often it was tried while it was parked.</param>
internal sealed record StoredReceipt(long Id, DateTimeOffset ReceivedAt, IPAddress? Source, byte[] Body, int Tries);

/// <summary>A receipt that was read, and the accounts whose apikey it carries: who proved it first comes first.</summary>
/// <param name="KeyHash">The apikey's newest keyed hash, when no account has it.</param>
internal sealed record ReadReceipt(StoredReceipt Stored, ProviderReceipt? Receipt, IReadOnlyList<AccountOfKey> Accounts, byte[]? KeyHash = null)
{
    /// <summary>Why it is parked when nothing matches: a word for operators.</summary>
    public string ParkedReason => Receipt is null ? "unreadable" : Accounts.Count == 0 ? "unknown_apikey" : "no_message";

    /// <summary>
    /// Whose it is when its taskid is nobody's: the first account to prove the apikey, if that was before it came. Nobody's
    /// where two tenants have the apikey (at two hosts): one of them may not be whom it is about.
    /// </summary>
    public AccountOfKey? Owner =>
        Accounts is [var first, ..] && first.ProvenAt <= Stored.ReceivedAt && Accounts.All(a => a.TenantId == first.TenantId) ? first : null;
}

/// <summary>An account that proved the apikey.</summary>
internal sealed record AccountOfKey(Guid TenantId, Guid AccountId, DateTimeOffset ProvenAt);
