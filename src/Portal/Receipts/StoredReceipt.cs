using System.Net;
using Portal.Sms.Provider;

namespace Portal.Receipts;

/// <summary>A receipt as the inbox, or the parking place, holds it.</summary>
/// <param name="Id">The inbox's sequence: the order of arrival.</param>
/// <param name="Source">Who pushed it; not read again where it was parked.</param>
/// <param name="Token">Hash of the token of the address that it came over; null: the common one.</param>
internal sealed record StoredReceipt(long Id, DateTimeOffset ReceivedAt, IPAddress? Source, string? Token, byte[] Body);

/// <summary>A receipt that was read.</summary>
/// <param name="Known">The accounts whose apikey it carries: who proved it first comes first.</param>
/// <param name="OfToken">The accounts whose own address it came over; null: it came over the common one.</param>
/// <param name="Hash">The apikey's newest keyed hash.</param>
internal sealed record ReadReceipt(StoredReceipt Stored, ProviderReceipt? Receipt, IReadOnlyList<AccountOfKey> Known, IReadOnlyList<Guid>? OfToken = null, byte[]? Hash = null)
{
    public const string Unreadable = "unreadable";
    public const string UnknownApiKey = "unknown_apikey";
    public const string WrongToken = "wrong_token";
    public const string TokenMissing = "token_missing";
    public const string NoMessage = "no_message";

    /// <summary>The accounts that may take it: over an account's own address that one, over the common one all that do not want their own.</summary>
    public IReadOnlyList<AccountOfKey> Accounts { get; } =
        OfToken is null && Known.All(a => a.TokenOnlySince is null) ? Known : [.. Known.Where(a => OfToken?.Contains(a.AccountId) ?? !(a.TokenOnlySince <= Stored.ReceivedAt))];

    /// <summary>Why it is parked when nothing matches: a word for operators.</summary>
    public string ParkedReason =>
        Receipt is null ? Unreadable : Known.Count == 0 ? UnknownApiKey : Accounts.Count > 0 ? NoMessage : OfToken is null ? TokenMissing : WrongToken;

    /// <summary>By which it is woken when its apikey is proven: by nobody so far, or by nobody whose address it came over.</summary>
    public byte[]? WokenBy => ParkedReason is UnknownApiKey or WrongToken ? Hash : null;

    /// <summary>
    /// Whose it is when its taskid is nobody's: the first account to prove the apikey, if that was before it came. Nobody's
    /// where two tenants have the apikey (at two hosts) and no address tells them apart: one of them may not be whom it is about.
    /// </summary>
    public AccountOfKey? Owner => First is { } first && Accounts.Contains(first) ? first : null;

    /// <summary>In whose room it is parked. That an account wants its own address makes another one no owner.</summary>
    public AccountOfKey? First
    {
        get
        {
            var asked = OfToken is null ? Known : Accounts;
            return asked is [var first, ..] && first.ProvenAt <= Stored.ReceivedAt && asked.All(a => a.TenantId == first.TenantId) ? first : null;
        }
    }
}

/// <summary>An account that proved the apikey.</summary>
/// <param name="TokenOnlySince">Since then it takes only what comes over its own address.</param>
internal sealed record AccountOfKey(Guid TenantId, Guid AccountId, DateTimeOffset ProvenAt, DateTimeOffset? TokenOnlySince = null);
