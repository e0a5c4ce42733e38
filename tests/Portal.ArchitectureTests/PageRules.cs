using System.Reflection;
using ArchUnitNET.Domain;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Type = System.Type;

namespace Portal.ArchitectureTests;

/// <summary>A page asks use cases and queries. It never holds a database.</summary>
internal static class PageRules
{
    /// <param name="architecture">What the types use.</param>
    /// <param name="types">The same types, to know which are components and which are contexts.</param>
    public static IEnumerable<string> DatabaseInPages(Architecture architecture, IReadOnlyList<Type> types)
    {
        var components = NamesOf<IComponent>(types);
        var contexts = NamesOf<DbContext>(types);
        return from page in architecture.Types
               where components.Contains(page.FullName) || components.Contains(OuterName(page))
               from used in page.Dependencies.Select(d => d.Target).Distinct()
               where contexts.Contains(used.FullName) || IsDatabase(used.Namespace?.FullName ?? "")
               select $"{page.FullName} uses {used.FullName}";
    }

    /// <summary>
    /// What is under way when a page is left asks for the page's token once more: of a source that was disposed, and the circuit
    /// dies of it. A page's end is a PageLife.
    /// </summary>
    public static IEnumerable<string> SourcesInPages(IEnumerable<Type> types) =>
        from page in types
        where typeof(IComponent).IsAssignableFrom(page)
        from field in page.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
        where field.IsInitOnly && field.FieldType == typeof(CancellationTokenSource)
        select $"{page.FullName} has {field.Name}";

    private static bool IsDatabase(string space) =>
        space is "Npgsql" || space.StartsWith("Npgsql.", StringComparison.Ordinal)
        || space.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal);

    // A type inside a page is part of the page.
    private static string OuterName(IType type) => type.FullName.Split('+')[0];

    private static HashSet<string> NamesOf<T>(IEnumerable<Type> types) =>
        types.Where(t => typeof(T).IsAssignableFrom(t)).Select(t => t.FullName!).ToHashSet(StringComparer.Ordinal);
}
