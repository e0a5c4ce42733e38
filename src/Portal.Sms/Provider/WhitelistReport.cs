using System.Net;

namespace Portal.Sms.Provider;

/// <summary>What an item of a whitelist means to the provider.</summary>
public enum WhitelistMeaning
{
    /// <summary>One address.</summary>
    Exact,

    /// <summary>Every address that starts so; it ends with a dot.</summary>
    Prefix,

    /// <summary><c>0.0.0.0</c>: every address.</summary>
    Everyone,

    /// <summary>A private address or range: the provider never sees one.</summary>
    Private,

    /// <summary>None of these (a range with a slash or a star, a prefix without its dot, a name): the provider does not know it.</summary>
    Invalid,
}

/// <summary>One item of a pasted whitelist.</summary>
/// <param name="Text">Without blanks around it.</param>
/// <param name="Meaning">What it means.</param>
/// <param name="Covers">Which of our addresses it lets in.</param>
/// <param name="HasBlanks">It stood among blanks or line ends; whether the provider takes such an item is not written anywhere.</param>
public sealed record WhitelistItem(string Text, WhitelistMeaning Meaning, IReadOnlyList<IPAddress> Covers, bool HasBlanks);

/// <summary>A pasted whitelist, judged. With no item at all the provider checks no address.</summary>
public sealed record WhitelistReport(IReadOnlyList<WhitelistItem> Items, IReadOnlyList<IPAddress> Covered, IReadOnlyList<IPAddress> Missing);
