namespace Portal.Web.Hosting;

/// <summary>Where to go back to, as an address tells it: never to another site.</summary>
internal static class LocalPath
{
    /// <summary>The path when it is one of ours, else <c>/</c>.</summary>
    public static string Of(string? path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.Any(c => c is '\\' || char.IsControl(c)) ? path : "/";
}
