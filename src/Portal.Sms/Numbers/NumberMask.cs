namespace Portal.Sms.Numbers;

/// <summary>Hides the middle of a national number. At least three digits are hidden, or all that there are.</summary>
internal static class NumberMask
{
    private const char Dot = '•';

    public static string Hide(string national) => national.Length switch
    {
        >= 10 => $"{national[..3]} {new string(Dot, national.Length - 7)} {national[^4..]}",
        >= 7 => InGroups(national[..2] + new string(Dot, national.Length - 4) + national[^2..]),
        >= 5 => new string(Dot, national.Length - 2) + national[^2..],
        _ => new string(Dot, national.Length),
    };

    private static string InGroups(string masked) => masked[..^4] + " " + masked[^4..];
}
