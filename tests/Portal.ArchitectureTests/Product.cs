using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;
using Type = System.Type;

namespace Portal.ArchitectureTests;

/// <summary>The compiled product, read once.</summary>
internal static class Product
{
    public static IReadOnlyList<Assembly> Assemblies { get; } =
        [.. ProjectRules.House.Keys.Select(Assembly.Load)];

    /// <summary>Every type of the product and, for each, all types that its signatures and bodies use.</summary>
    public static Architecture Architecture { get; } = new ArchLoader().LoadAssemblies([.. Assemblies]).Build();

    public static IEnumerable<Type> Types => Assemblies.SelectMany(a => a.GetTypes());

    public static IEnumerable<IType> TypesOf(this Architecture architecture, string assembly) =>
        architecture.Types.Where(t => t.Assembly.Name.Split(',')[0] == assembly);
}
