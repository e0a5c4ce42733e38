using ArchUnitNET.Domain;

namespace Portal.ArchitectureTests;

/// <summary>
/// The one-way graph of the capabilities. A row may use the rows above it; only in the first row may capabilities use
/// each other. What lies beside the capabilities (such as a result type) may use none of them.
/// </summary>
internal sealed class CapabilityRules(string root)
{
    private static readonly string[][] _rows =
    [
        ["Data", "Tenants", "Audit", "Live"],
        ["Members", "Accounts", "Contacts", "Templates"],
        ["Dispatch"],
        ["Receipts"],
        ["Campaigns", "Verifications"],
        ["Reports"],
    ];

    public IEnumerable<string> Violations(IEnumerable<IType> types)
    {
        foreach (var type in types.Where(IsInside))
        {
            var capability = CapabilityOf(type);
            if (capability is not null && RowOf(capability) < 0)
                yield return $"{type.FullName} is in no known capability";
            foreach (var used in type.Dependencies.Select(d => d.Target).Distinct().Where(IsInside))
            {
                if (CapabilityOf(used) is { } other && !MayUse(capability, other))
                    yield return $"{type.FullName} uses {used.FullName}";
            }
        }
    }

    private static bool MayUse(string? capability, string used)
    {
        if (capability is null)
            return false;
        var (from, to) = (RowOf(capability), RowOf(used));
        return capability == used || to < from || (to == 0 && from == 0);
    }

    private bool IsInside(IType type) => SpaceOf(type) == root || SpaceOf(type).StartsWith(root + ".", StringComparison.Ordinal);

    private string? CapabilityOf(IType type)
    {
        var space = SpaceOf(type);
        return space == root ? null : space[(root.Length + 1)..].Split('.')[0];
    }

    private static string SpaceOf(IType type) => type.Namespace?.FullName ?? "";

    private static int RowOf(string capability) => Array.FindIndex(_rows, row => row.Contains(capability, StringComparer.Ordinal));
}
