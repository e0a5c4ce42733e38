using System.CodeDom.Compiler;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Portal.ArchitectureTests;

/// <summary>How a type of ours is named and made.</summary>
internal static class TypeRules
{
    private static readonly string[] _emptyWords = ["Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Manager", "Managers"];

    /// <summary>Names that say nothing about what the type does. A type that derives from a framework's manager keeps its name.</summary>
    public static IEnumerable<string> EmptyNames(IEnumerable<Type> types) =>
        from type in types.Where(IsWritten)
        let name = type.Name.Split('`')[0]
        where _emptyWords.Any(word => name.EndsWith(word, StringComparison.Ordinal)) && !DerivesFromFrameworksManager(type)
        select type.FullName;

    /// <summary>
    /// Classes that could be derived from though nobody planned it. A page without a code file and its imports are made by the
    /// Razor compiler, a migration by EF: these cannot be sealed.
    /// </summary>
    public static IEnumerable<string> Unsealed(IEnumerable<Type> types) =>
        from type in types.Where(IsWritten)
        where type is { IsClass: true, IsAbstract: false, IsSealed: false } && !IsMade(type)
        select type.FullName;

    private static bool IsMade(Type type) =>
        typeof(IComponent).IsAssignableFrom(type) || typeof(Migration).IsAssignableFrom(type)
        || typeof(ModelSnapshot).IsAssignableFrom(type) || type is { Name: "Program", Namespace: null } or { Name: "_Imports" };

    private static bool IsWritten(Type type) =>
        !type.Name.Contains('<', StringComparison.Ordinal)
        && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && !type.IsDefined(typeof(GeneratedCodeAttribute), inherit: false)
        && (type.DeclaringType is null || IsWritten(type.DeclaringType));

    private static bool DerivesFromFrameworksManager(Type type) =>
        type.BaseType is { } ancestor && ancestor.Assembly != type.Assembly
        && ancestor.Name.Split('`')[0].EndsWith("Manager", StringComparison.Ordinal);
}
