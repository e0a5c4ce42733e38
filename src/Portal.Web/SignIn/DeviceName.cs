namespace Portal.Web.SignIn;

/// <summary>A browser as its user would call it. Only for being recognised in a list: a browser says what it likes.</summary>
internal static class DeviceName
{
    private static readonly (string Sign, string Name)[] _browsers =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("MicroMessenger/", "WeChat"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Sign, string Name)[] _systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    /// <summary><c>Chrome · Windows</c>; empty for one that is not known.</summary>
    public static string Of(string userAgent) =>
        string.Join(" · ", new[] { First(_browsers, userAgent), First(_systems, userAgent) }.Where(n => n.Length > 0));

    private static string First((string Sign, string Name)[] known, string userAgent) =>
        known.FirstOrDefault(k => userAgent.Contains(k.Sign, StringComparison.Ordinal)).Name ?? "";
}
