using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Type = System.Type;

namespace Portal.ArchitectureTests.Samples;

/// <summary>The types of this folder break the rules on purpose: each rule is run on them and must say so.</summary>
internal static class SampleTypes
{
    public static Architecture Architecture { get; } = new ArchLoader().LoadAssembly(typeof(SampleTypes).Assembly).Build();

    public static IEnumerable<Type> In(string part) =>
        typeof(SampleTypes).Assembly.GetTypes().Where(t => t.Namespace == $"{typeof(SampleTypes).Namespace}.{part}");
}
