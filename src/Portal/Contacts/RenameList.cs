using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

public sealed record RenameListInput(Guid ListId, string Name);

/// <summary>
/// Gives a list another name (role Sender). Problems of <c>Name</c> as in <see cref="CreateList"/>; <c>list_gone</c> when
/// there is no such list (any more).
/// </summary>
public sealed class RenameList(PortalDbFactory dbs, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, RenameListInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        if (ListName.Refuse(input.Name, nameof(input.Name)) is { } problem)
            return problem;
        await using var db = dbs.Create(member.Scope);
        var list = await db.Set<ContactList>().SingleOrDefaultAsync(l => l.Id == input.ListId, ct);
        if (list is null)
            return new Problem("", "list_gone");
        var old = list.Name;
        list.Name = input.Name.Trim();
        if (list.Name == old)
            return list.Id;
        db.Add(member.Entry(AuditActions.ListRenamed, list.Id, clock.GetUtcNow(), old, list.Name));
        try
        {
            await db.SaveChangesAsync(ct);
            return list.Id;
        }
        catch (DbUpdateException e) when (ListName.IsTaken(e))
        {
            return ListName.Taken(input.Name, nameof(input.Name));
        }
    }
}
