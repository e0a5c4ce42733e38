using Portal.Sms.Provider;

namespace Portal.Accounts;

/// <summary>Reads the address of the provider's API as a person typed it.</summary>
internal static class BaseAddresses
{
    private const int Longest = 200;

    /// <summary>Null when it cannot be used; the problem then says why. Whether it may be called at all is judged where it is called.</summary>
    public static Uri? Read(string typed, ProviderOptions options, List<Problem> problems)
    {
        var text = typed.Trim();
        if (Mistake(text, options) is not { } code)
            return new Uri(new Uri(text).AbsoluteUri.TrimEnd('/'));
        problems.Add(new Problem("BaseAddress", code, Longest));
        return null;
    }

    private static string? Mistake(string text, ProviderOptions options)
    {
        if (text.Length == 0)
            return "required";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
            return "address_form";
        if (text.AsSpan().IndexOfAny('?', '#', '@') >= 0)
            return "address_extra";
        if (Enum.GetValues<ProviderCall>().Any(call => text.TrimEnd('/').EndsWith(call.Path(), StringComparison.OrdinalIgnoreCase)))
            return "address_of_call";
        if (address.Scheme == Uri.UriSchemeHttp && !options.AllowHttp)
            return "address_http";
        return address.AbsoluteUri.Length > Longest ? "too_long" : null;
    }
}
