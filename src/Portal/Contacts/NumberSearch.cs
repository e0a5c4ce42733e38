using Portal.Sms.Numbers;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>What a person types to find numbers, and what they may see of them.</summary>
internal static class NumberSearch
{
    /// <summary>The digits a number begins with, from <c>+86 138</c> or <c>0086138</c>; empty finds all.</summary>
    public static string Prefix(string? typed)
    {
        var digits = string.Concat((typed ?? "").Where(char.IsAsciiDigit));
        return digits.StartsWith("00", StringComparison.Ordinal) ? digits[2..] : digits;
    }

    /// <summary>Whole for those who work with numbers, masked for those who only look.</summary>
    public static string Shown(this Member member, string number) =>
        member.Is(MemberRole.Sender) ? PhoneNumbers.Display(number) : PhoneNumbers.Mask(number);
}
