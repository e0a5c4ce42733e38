using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Members;
using Portal.Tenants;

namespace Portal.Web.Operators;

/// <summary>What an operator is about to change of where a tenant may send to, and what comes of it.</summary>
/// <param name="Hosts">As typed.</param>
/// <param name="Countries">As typed.</param>
/// <param name="Everybodys">Hosts that every tenant may call; null: any.</param>
internal sealed record ReachChange(ReachView Before, IReadOnlyList<string> Hosts, IReadOnlyList<string> Countries, IReadOnlyList<string>? Everybodys)
{
    private string[] After => [.. Hosts.Select(h => ProviderHosts.Read(h) ?? h).Distinct(StringComparer.Ordinal)];

    private string[] CountriesAfter => [.. Countries.Select(c => c.ToUpperInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>One sentence for each thing that changes; none: nothing does.</summary>
    public IEnumerable<string> Sentences(IStringLocalizer<OperationsText> texts)
    {
        if (Before.Hosts.Except(After).ToList() is { Count: > 0 } gone)
            yield return texts["Reach.Gone", string.Join(", ", gone), AccountsAt(gone).ToString("N0", CultureInfo.CurrentCulture)];
        if (After.Except(Before.Hosts).ToList() is { Count: > 0 } more)
            yield return texts["Reach.More", string.Join(", ", more)];
        var (before, after) = (Before.Countries.Order(StringComparer.Ordinal), CountriesAfter);
        if (before.SequenceEqual(after))
            yield break;
        yield return after.Length > 0 ? texts["Reach.Only", string.Join(", ", after)] : texts["Reach.AnyNow"];
    }

    // One that every tenant may call is called on.
    private int AccountsAt(List<string> gone) =>
        Everybodys is { } all ? Before.AccountHosts.Count(h => gone.Contains(h, StringComparer.Ordinal) && !all.Contains(h, StringComparer.Ordinal)) : 0;
}
