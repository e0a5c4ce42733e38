namespace Portal.ArchitectureTests;

/// <summary>Which project may use which.</summary>
internal static class ProjectRules
{
    /// <summary>The house: every project of the product, with exactly what it refers to.</summary>
    public static IReadOnlyDictionary<string, string[]> House { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Portal.Web"] = ["Portal"],
        ["Portal"] = ["Portal.Sms", "Portal.Vault"],
        ["Portal.Sms"] = [],
        ["Portal.Vault"] = [],
        ["Portal.Migrations"] = ["Portal"],
        ["Portal.Simulator"] = [],
    };

    /// <summary>The projects that know no web.</summary>
    public static IReadOnlyList<string> WithoutWeb { get; } = ["Portal", "Portal.Sms", "Portal.Vault"];

    public static IEnumerable<string> WrongReferences(IReadOnlyList<ProjectFile> projects)
    {
        foreach (var missing in House.Keys.Except(projects.Select(p => p.Name), StringComparer.Ordinal))
            yield return $"{missing} is missing";
        foreach (var project in projects)
        {
            if (!House.TryGetValue(project.Name, out var allowed))
                yield return $"{project.Name} has no place in the house";
            else if (!project.Projects.SetEquals(allowed))
                yield return $"{project.Name} refers to [{string.Join(", ", project.Projects.Order(StringComparer.Ordinal))}], not to [{string.Join(", ", allowed)}]";
        }
    }

    public static IEnumerable<string> WebInside(IEnumerable<ProjectFile> projects)
    {
        foreach (var project in projects.Where(p => WithoutWeb.Contains(p.Name, StringComparer.Ordinal)))
        {
            if (project.Sdk != "Microsoft.NET.Sdk")
                yield return $"{project.Name} is built with {project.Sdk}";
            foreach (var framework in project.Frameworks)
                yield return $"{project.Name} takes the framework {framework}";
            foreach (var package in project.Packages.Where(p => p.StartsWith("MudBlazor", StringComparison.Ordinal)))
                yield return $"{project.Name} takes {package}";
        }
    }
}
