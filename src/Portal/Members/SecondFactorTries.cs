namespace Portal.Members;

/// <summary>
/// Wrong second steps lock a person's second step, whichever kind of code was tried. Only somebody with the password comes so
/// far; a passkey enters meanwhile.
/// </summary>
public sealed class SecondFactorTries(Tries tries)
{
    public const int Most = 5;

    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);

    public Task<bool> CountAsync(Guid userId, CancellationToken ct) => tries.CountAsync(Key(userId), Most, LockedFor, ct);

    public Task ForgetAsync(Guid userId, CancellationToken ct) => tries.ForgetAsync(ct, Key(userId));

    /// <summary>Apps show a code in two groups: the gap may be typed along.</summary>
    internal static string Tidy(string code) => string.Concat(code.Where(c => !char.IsWhiteSpace(c)));

    private static string Key(Guid userId) => $"second|{userId:N}";
}
