using System.Xml.Linq;

namespace Portal.ArchitectureTests;

/// <summary>What a project file says it is made of.</summary>
internal sealed record ProjectFile(string Name, string Sdk, IReadOnlySet<string> Projects, IReadOnlySet<string> Packages, IReadOnlySet<string> Frameworks)
{
    public static ProjectFile Parse(string name, string xml)
    {
        var project = XDocument.Parse(xml).Root!;
        IReadOnlySet<string> Includes(string element) =>
            project.Descendants(element).Select(e => e.Attribute("Include")!.Value).ToHashSet(StringComparer.Ordinal);
        return new(
            name,
            project.Attribute("Sdk")?.Value ?? "",
            Includes("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).ToHashSet(StringComparer.Ordinal),
            Includes("PackageReference"),
            Includes("FrameworkReference"));
    }

    public static IReadOnlyList<ProjectFile> All(params string[] folders) =>
        [.. folders.SelectMany(f => Checkout.Files(f, ".csproj"))
            .Select(f => Parse(Path.GetFileNameWithoutExtension(f.Name), f.Text))];
}
