namespace Portal.Sms.Provider;

/// <summary>The two calls of the provider's API (provider document sections 2 and 3). An account may be allowed one of them, or both.</summary>
public enum ProviderCall
{
    /// <summary><c>outauth/send</c>: one text to 1..1000 numbers.</summary>
    Marketing,

    /// <summary><c>outauth/verifCodeSend</c>: one text to one number.</summary>
    Verification,
}

/// <summary>What follows from the kind of call.</summary>
public static class ProviderCalls
{
    /// <summary>The most numbers one request may carry.</summary>
    public static int MostNumbers(this ProviderCall call) => call is ProviderCall.Verification ? 1 : 1000;

    /// <summary>The path below the account's base address, without a leading slash.</summary>
    public static string Path(this ProviderCall call) => call switch
    {
        ProviderCall.Marketing => "outauth/send",
        ProviderCall.Verification => "outauth/verifCodeSend",
        _ => throw new ArgumentOutOfRangeException(nameof(call)),
    };

    /// <summary>
    /// The full address of a call. The base address may have a path prefix and may or may not end in a slash.
    /// </summary>
    /// <exception cref="ArgumentException">The base address is not absolute http or https, or has a user, a query or a fragment.</exception>
    public static Uri AddressBelow(this ProviderCall call, Uri baseAddress)
    {
        if (!baseAddress.IsAbsoluteUri || (baseAddress.Scheme != Uri.UriSchemeHttps && baseAddress.Scheme != Uri.UriSchemeHttp))
            throw new ArgumentException("A base address is an absolute http or https address.", nameof(baseAddress));
        if (baseAddress.UserInfo.Length + baseAddress.Query.Length + baseAddress.Fragment.Length > 0)
            throw new ArgumentException("A base address has no user, no query and no fragment.", nameof(baseAddress));
        return new Uri(baseAddress.AbsoluteUri.TrimEnd('/') + "/" + call.Path());
    }
}
