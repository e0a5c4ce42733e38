using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

public sealed record CreateListInput(string Name);

/// <summary>
/// Makes an empty list (role Sender). Problems of <c>Name</c>: <c>list_name_empty</c>, <c>list_name_long</c>,
/// <c>list_name_taken</c>.
/// </summary>
public sealed class CreateList(PortalDbFactory dbs, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, CreateListInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        if (ListName.Refuse(input.Name, nameof(input.Name)) is { } problem)
            return problem;
        await using var db = dbs.Create(member.Scope);
        var now = clock.GetUtcNow();
        var list = new ContactList { TenantId = member.TenantId, Name = input.Name.Trim(), CreatedAt = now };
        db.Add(list);
        db.Add(member.Entry(AuditActions.ListCreated, list.Id, now, list.Name));
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
