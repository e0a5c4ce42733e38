using System.Globalization;
using Portal.Members;

namespace Portal.Web.Admin;

/// <param name="Tenant">The slug; null: the portal's own, or a tenant that is not registered.</param>
/// <param name="Head">The newest hash: kept elsewhere it shows whether somebody made the whole chain anew.</param>
internal sealed record AdminAudit(Guid TenantId, string? Tenant, long Entries, string Head, IReadOnlyList<AuditFault> Faults);

/// <summary><c>admin audit verify</c>: recomputes the chains.</summary>
internal sealed class AuditVerbs(VerifyAudit verify)
{
    public async Task<Result<AdminAnswer>> VerifyAsync(string? slug, CancellationToken ct)
    {
        var result = await verify.RunAsync(Operator.Console, slug, ct);
        return result.Ok
            ? new AdminAnswer { Audits = [.. result.Value.Select(v => new AdminAudit(v.TenantId, v.Slug, v.Entries, v.Head, v.Faults))] }
            : result.Problems.ToList();
    }

    public static IEnumerable<string> Lines(IReadOnlyList<AdminAudit> audits)
    {
        foreach (var audit in audits)
        {
            var name = audit.Tenant ?? (audit.TenantId == Guid.Empty ? "(portal)" : audit.TenantId.ToString());
            yield return string.Create(CultureInfo.InvariantCulture, $"{(audit.Faults.Count == 0 ? "whole " : "BROKEN")} {name} entries {audit.Entries} head {audit.Head}");
            foreach (var fault in audit.Faults)
                yield return string.Create(CultureInfo.InvariantCulture, $"  {fault.Why}: link {fault.No} entry {fault.EntryId}");
        }
        yield return string.Create(CultureInfo.InvariantCulture, $"{audits.Count} audits, {audits.Sum(a => a.Entries)} entries, {audits.Sum(a => a.Faults.Count)} faults");
    }
}
