using Portal.Accounts;

namespace Portal.Campaigns;

/// <summary>Whether an account can send a campaign.</summary>
internal static class AccountChoice
{
    /// <summary>The problem at field <c>AccountId</c>; null when it can. An active account always has a proven pair.</summary>
    public static Problem? Refuse(Account? account) => account switch
    {
        null => new Problem("AccountId", "account_missing"),
        { Kind: AccountKind.Verification } => new Problem("AccountId", "account_kind", account.Label),
        { State: AccountState.Disabled } => new Problem("AccountId", "account_disabled", account.Label),
        { State: AccountState.Stopped } => new Problem("AccountId", "account_stopped", account.Label),
        _ => null,
    };
}
