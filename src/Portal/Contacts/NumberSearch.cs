using Portal.Sms.Numbers;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>What a person types to find numbers, and what they may see of them.</summary>
internal static class NumberSearch
{
    // As many as every mask shows: with more, digit after digit could be tried.
    private const int MaskedDigits = 4;

    /// <summary>The digits a number begins with, from <c>+86 138</c> or <c>0086138</c>; empty finds all. Only the first ones count for those who see numbers masked.</summary>
    public static string Prefix(Member member, string? typed)
    {
        var digits = string.Concat((typed ?? "").Where(char.IsAsciiDigit));
        if (digits.StartsWith("00", StringComparison.Ordinal))
            digits = digits[2..];
        return member.Is(MemberRole.Sender) || digits.Length <= MaskedDigits ? digits : digits[..MaskedDigits];
    }

    /// <summary>Whole for those who work with numbers, masked for those who only look.</summary>
    public static string Shown(this Member member, string number) =>
        member.Is(MemberRole.Sender) ? PhoneNumbers.Display(number) : PhoneNumbers.Mask(number);
}
