using System.Globalization;
using Portal.Accounts;
using Portal.Tenants;

namespace Portal.Web.Admin;

/// <summary>What an admin verb of the vault says: one of its parts.</summary>
internal sealed record AdminVault(VaultState? State = null, RewrapReport? Rewrap = null, TenantKeyRotation? Rotation = null)
{
    /// <summary>Nothing that should open does not, and everything hangs on the active root key that should.</summary>
    public bool Well => State is not { Unreadable: > 0 } && State?.Roots.Any(r => !r.Here) != true
        && Rewrap is not { Failed: > 0 } && (Rewrap is null || Rewrap.Left == Rewrap.Orphans) && Rotation is not { Failed: > 0 };

    public IEnumerable<string> ToLines() => [.. OfState(), .. OfRewrap(), .. OfRotation()];

    private IEnumerable<string> OfState()
    {
        if (State is null)
            yield break;
        foreach (var root in State.Roots)
            yield return Text($"root key {root.Id}{(root.Active ? ", active" : "")}{(root.Here ? "" : ", MISSING HERE")}: {root.TenantKeys} keys of {root.Tenants} tenants, {root.SystemKeys} of the portal's own{(root is { Active: false, TenantKeys: 0, SystemKeys: 0 } ? " (no key needs it; backups of the database may)" : "")}");
        if (State.Checked is { } seen)
            yield return Text($"opened {seen} keys: {State.Unreadable} do not open, {State.Orphans} are left of deleted tenants");
        foreach (var one in State.Unusual)
            yield return Text($"UNUSUAL: tenant {one.TenantId?.ToString() ?? "none"} {one.Purpose}: {one.Openings} openings this hour, usually at most {one.Usual}");
    }

    private IEnumerable<string> OfRewrap()
    {
        if (Rewrap is null)
            yield break;
        yield return Text($"rewrapped under root key {Rewrap.Root}: {Rewrap.TenantKeys} keys of tenants, {Rewrap.SystemKeys} of the portal's own, in {Rewrap.Took.TotalSeconds:0.0} s");
        yield return Text($"left under others: {Rewrap.Left} ({Rewrap.Failed} do not open, {Rewrap.Orphans} are left of deleted tenants)");
    }

    private IEnumerable<string> OfRotation()
    {
        if (Rotation is not null)
            yield return Text($"data key {Rotation.Version} seals now: {Rotation.Resealed} key pairs sealed anew, {Rotation.Failed} do not open, {Rotation.OlderVersions} older keys kept for now");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
