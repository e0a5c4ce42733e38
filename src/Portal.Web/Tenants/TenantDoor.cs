using System.Security.Claims;
using Portal.Members;
using Portal.Web.SignIn;

namespace Portal.Web.Tenants;

/// <summary>What a person is in a tenant: a member, or an operator who acts for it in this session; null: neither.</summary>
public sealed class TenantDoor(FindMembership find, FindActing acting, AskStrong strong)
{
    public async Task<TenantMembership?> OpenAsync(ClaimsPrincipal person, string slug, CancellationToken ct)
    {
        if (person.UserId() is not { } user)
            return null;
        var session = SessionId.Of(person);
        if (await find(slug, user, ct) is { } membership)
            return membership.DemandsFactor && (session is null || !await strong(session, ct)) ? membership with { NeedsFactor = true } : membership;
        return session is not null ? await acting(slug, user, session, ct) : null;
    }
}
