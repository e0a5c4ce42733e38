using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Dispatch;

/// <summary>The test message whose answer is awaited to prove a key pair of an account.</summary>
public sealed class TestUnderWay(PortalDbFactory dbs)
{
    /// <returns>The sending; null when there is none, or it is answered, in doubt or called off.</returns>
    public async Task<Guid?> RunAsync(Member member, Guid accountId, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var db = dbs.Create(member.Scope);
        return await FindAsync(db, accountId, ct);
    }

    internal static async Task<Guid?> FindAsync(PortalDb db, Guid accountId, CancellationToken ct)
    {
        var open = db.Set<Sending>()
            .Where(s => s.AccountId == accountId && s.ProvesVersion != null && (s.State == SendingState.Preparing || s.State == SendingState.Running))
            .Where(s => s.PreparedAt == null || db.Set<Batch>().Any(b => b.SendingId == s.Id
                && (b.State == BatchState.Planned || b.State == BatchState.Claimed || b.State == BatchState.Dispatching)));
        return await open.Select(s => (Guid?)s.Id).FirstOrDefaultAsync(ct);
    }
}
