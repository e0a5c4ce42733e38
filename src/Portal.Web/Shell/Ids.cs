using System.Globalization;

namespace Portal.Web.Shell;

/// <summary>Ids that tie a label, a help line or a title to its element. Unique in the process, and so in a page.</summary>
internal static class Ids
{
    private static long _last;

    public static string Next(string prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}-{Interlocked.Increment(ref _last)}");
}
