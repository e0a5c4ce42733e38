using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>Takes a list away (role Sender); the people on it stay. Problem <c>list_gone</c> when there is none.</summary>
public sealed class DeleteList(PortalDbFactory dbs, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, Guid listId, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        await using var db = dbs.Create(member.Scope);
        var list = await db.Set<ContactList>().SingleOrDefaultAsync(l => l.Id == listId, ct);
        if (list is null)
            return new Problem("", "list_gone");
        db.Remove(list);
        db.Add(member.Entry(AuditActions.ListDeleted, list.Id, clock.GetUtcNow(), list.Name));
        try
        {
            await db.SaveChangesAsync(ct);
            return listId;
        }
        catch (DbUpdateConcurrencyException)
        {
            return new Problem("", "list_gone");
        }
    }
}
