namespace Portal.Members;

/// <summary>
/// What slows guessing down: few attempts for an address from one place, more for the address from everywhere, more again for
/// one place at all addresses. Somebody elsewhere can use up an address's attempts from everywhere; its owner then enters by a
/// passkey, or by a new password through their mailbox.
/// </summary>
public sealed class PasswordTries(Tries tries)
{
    private const int MostFromEverywhere = 50;
    private const int MostOfOnePlace = 100;

    /// <param name="address">Normalised e-mail address, known or not.</param>
    /// <param name="network">Where it comes from.</param>
    public async Task<bool> CountAsync(string address, string network, CancellationToken ct) =>
        await tries.CountAsync(Pair(address, network), PasswordRules.MaxAttempts, PasswordRules.LockedFor, ct)
        && await tries.CountAsync(Place(network), MostOfOnePlace, PasswordRules.LockedFor, ct)
        && await tries.CountAsync(Everywhere(address), MostFromEverywhere, PasswordRules.LockedFor, ct);

    /// <summary>The password was right.</summary>
    public async Task ForgetAsync(string address, string network, CancellationToken ct)
    {
        await tries.ForgetAsync(ct, Pair(address, network), Everywhere(address));
        await tries.GiveBackAsync(Place(network), ct);
    }

    private static string Pair(string address, string network) => $"password|{address}|{network}";

    private static string Everywhere(string address) => $"password|{address}";

    private static string Place(string network) => $"password||{network}";
}
