using Microsoft.Extensions.Options;

namespace Portal.Web.Hosting;

/// <summary>
/// Categories that, asked to say more, say what a person types: SignalR writes the arguments of every call of a page, the host
/// and circuits write addresses with what somebody searched for. No setting makes them.
/// </summary>
internal sealed class QuietLogs : IPostConfigureOptions<LoggerFilterOptions>
{
    private static readonly (string Category, LogLevel Least)[] _held =
    [
        ("Microsoft.AspNetCore.SignalR", LogLevel.Information),
        ("Microsoft.AspNetCore.Http.Connections", LogLevel.Information),
        ("Microsoft.AspNetCore.Components.Server", LogLevel.Information),
        ("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None),
        ("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Information),
    ];

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        var providers = options.Rules.Select(r => r.ProviderName).Append(null).Distinct(StringComparer.Ordinal).ToList();
        foreach (var (category, least) in _held)
        {
            // A rule for a part of the category would be nearer than ours.
            foreach (var rule in options.Rules.Where(r => r.CategoryName?.StartsWith(category, StringComparison.OrdinalIgnoreCase) == true && (r.LogLevel ?? LogLevel.Trace) < least).ToList())
                options.Rules.Remove(rule);
            // One that names its provider counts before one that names none.
            foreach (var provider in providers.Where(p => !Has(options, p, category)))
                options.Rules.Add(new(provider, category, Higher(least, options, provider), filter: null));
        }
    }

    private static bool Has(LoggerFilterOptions options, string? provider, string category) =>
        options.Rules.Any(r => string.Equals(r.ProviderName, provider, StringComparison.Ordinal) && string.Equals(r.CategoryName, category, StringComparison.OrdinalIgnoreCase));

    // Ours is the nearest rule: it must not let through what a wider one of the same provider keeps back.
    private static LogLevel Higher(LogLevel least, LoggerFilterOptions options, string? provider)
    {
        var wider = options.Rules
            .Where(r => string.Equals(r.ProviderName, provider, StringComparison.Ordinal) && (r.CategoryName is null || "Microsoft.AspNetCore".StartsWith(r.CategoryName, StringComparison.OrdinalIgnoreCase)))
            .OrderByDescending(r => r.CategoryName?.Length ?? 0).FirstOrDefault()?.LogLevel ?? LogLevel.Trace;
        return wider > least ? wider : least;
    }
}
