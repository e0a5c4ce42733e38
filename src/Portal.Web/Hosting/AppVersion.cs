using System.Reflection;

namespace Portal.Web.Hosting;

/// <summary>Which program this is.</summary>
internal static class AppVersion
{
    // Of the commit's hash as much as names it.
    private const int HashDigits = 12;

    public static string Text { get; } = Short(typeof(AppVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    private static string Short(string version)
    {
        var end = version.IndexOf('+', StringComparison.Ordinal) + 1 + HashDigits;
        return end > HashDigits && end < version.Length ? version[..end] : version;
    }
}
