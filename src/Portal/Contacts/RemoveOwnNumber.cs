using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Sms.Numbers;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>Takes a number off the tenant's own (role Manager). <c>own_gone</c> when it is not there.</summary>
public sealed class RemoveOwnNumber(PortalDbFactory dbs, TimeProvider clock)
{
    public async Task<Result<string>> RunAsync(Member member, string number, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Set<OwnNumber>().Where(n => n.Number == number).ExecuteDeleteAsync(ct) == 0)
            return new Problem("", "own_gone");
        db.Add(member.Changed(AuditActions.OwnNumberRemoved, clock.GetUtcNow(), PhoneNumbers.Mask(number)));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return number;
    }
}
