using Portal.Accounts;
using Portal.Web.Shell;

namespace Portal.Web.Accounts;

/// <summary>One line of an account's health.</summary>
/// <param name="Name">Key of its name, after <c>Health_</c>.</param>
/// <param name="Sentence">Key of what is known.</param>
internal sealed record HealthRow(string Name, ChipTone Tone, string Sentence, DateTimeOffset? At, params object[] Values);

/// <summary>Reads from the last check what it shows of key pair, whitelist and clock.</summary>
internal static class AccountHealth
{
    // An hour: half of what the provider allows.
    private const int FarApart = 3600;

    public static IReadOnlyList<HealthRow> Rows(AccountView account, TimeSpan? clockOffset) => [KeyPair(account), Whitelist(account), Clock(account, clockOffset)];

    private static HealthRow KeyPair(AccountView account) => account.CheckedCode switch
    {
        "101" or "102" or "205" => new("keys", ChipTone.Failed, "Health.KeysRefused", account.CheckedAt, account.CheckedCode),
        _ when account.KeyPairs.FirstOrDefault(k => k.Use == KeyPairUse.Signs) is { } signs => new("keys", ChipTone.Delivered, "Health.KeysProven", signs.ProvenAt, signs.ApiKeyLast4, signs.SetByName),
        _ => new("keys", ChipTone.Waiting, "Health.KeysWait", account.CheckedAt),
    };

    private static HealthRow Whitelist(AccountView account) => account switch
    {
        { CheckedCode: "204", MissingAddress: { } address } => new("whitelist", ChipTone.Failed, "Health.Refused", account.CheckedAt, address),
        { CheckedCode: "204" } => new("whitelist", ChipTone.Failed, "Health.RefusedSomewhere", account.CheckedAt),
        { StoppedCode: "204", MissingAddress: { } address } => new("whitelist", ChipTone.Failed, "Health.Refused", account.StoppedAt, address),
        { StoppedCode: "204" } => new("whitelist", ChipTone.Failed, "Health.RefusedSomewhere", account.StoppedAt),
        { CheckProves: true } => new("whitelist", ChipTone.Delivered, "Health.LetIn", account.CheckedAt),
        _ => new("whitelist", ChipTone.Waiting, "Health.Unknown", account.CheckedAt),
    };

    private static HealthRow Clock(AccountView account, TimeSpan? offset) => account switch
    {
        { CheckedCode: "103" } => new("clock", ChipTone.Failed, "Health.ClockRefused", account.CheckedAt),
        { CheckProves: true } when (offset?.TotalSeconds ?? account.ClockOffset) is { } apart => new(
            "clock", Math.Abs(apart) < FarApart ? ChipTone.Delivered : ChipTone.Doubt, "Health.ClockOffset", account.CheckedAt, Math.Round(Math.Abs(apart))),
        { CheckProves: true } => new("clock", ChipTone.Delivered, "Health.ClockGood", account.CheckedAt),
        _ => new("clock", ChipTone.Waiting, "Health.Unknown", account.CheckedAt),
    };
}
