using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>Writes rows of limits in the caller's transaction.</summary>
internal static class LimitRows
{
    /// <summary>Attempts that begin see the limits before or after this transaction, and are counted either way.</summary>
    public static Task LockLimitsAsync(this PortalDb db, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select app.lock_limits({db.TenantId}, true)", ct);

    /// <summary>Puts figures in the place of those that stand; answers what changed, for the audit. Without figures there is no row.</summary>
    public static async Task<IReadOnlyList<(string Name, string Before, string After)>> PutAsync(
        this PortalDb db, Guid accountId, LimitSetter by, LimitFigures figures, CancellationToken ct)
    {
        var row = await db.Set<Limit>().SingleOrDefaultAsync(l => l.AccountId == accountId && l.SetBy == by, ct);
        var before = LimitFigures.Of(row);
        if (figures == before)
            return [];
        if (figures == LimitFigures.None)
            db.Remove(row!);
        else
            figures.ApplyTo(row ?? db.Add(new Limit { TenantId = db.TenantId, AccountId = accountId, SetBy = by }).Entity);
        return [.. before.All().Zip(figures.All()).Where(p => p.First.Value != p.Second.Value).Select(p => (p.First.Name, Text(p.First.Value), Text(p.Second.Value)))];
    }

    private static string Text(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
