using Microsoft.EntityFrameworkCore;

namespace Portal.Members;

/// <summary>A person by their id, as a sign-in needs them; null when there is none.</summary>
public sealed class FindPerson(IDbContextFactory<IdentityDb> identity)
{
    public async Task<SignedIn?> RunAsync(Guid userId, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        return await db.Users.Where(u => u.Id == userId).Select(u => new SignedIn(u.Id, u.Email!, u.SecurityStamp ?? "")).SingleOrDefaultAsync(ct);
    }
}
