using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Members;
using Portal.Tenants;
using Portal.Web.SignIn;

namespace Portal.Web.Tenants;

/// <summary>Who the person is in the tenant that an address names. Nothing is taken from the cookie but the user's id.</summary>
public sealed class CurrentTenant(TenantDoor door, AskConfirmed confirmed, AuthenticationStateProvider authentication, TimeProvider clock)
{
    // So short that a right taken away is gone before anybody can tell, so long that one page asks once.
    private static readonly TimeSpan _keep = TimeSpan.FromSeconds(2);

    private (string Slug, TenantMembership? Membership, long ReadAt)? _last;

    /// <summary>The tenant, for pages; null when there is none, it is not the person's, is suspended, or demands a second factor that the session has not.</summary>
    public async Task<TenantContext?> FindAsync(string slug, CancellationToken ct = default) =>
        await MembershipAsync(slug, ct) is { IsOpen: true } membership ? TenantContext.Of(membership) : null;

    /// <summary>As <see cref="FindAsync"/>, whatever the tenant's state; up to 2 s old.</summary>
    public async Task<TenantMembership?> MembershipAsync(string slug, CancellationToken ct = default)
    {
        if (_last is not { } last || last.Slug != slug || clock.GetElapsedTime(last.ReadAt) > _keep)
            _last = last = (slug, await ReadAsync(slug, ct), clock.GetTimestamp());
        return last.Membership;
    }

    /// <summary>The member who acts now: read anew for every operation.</summary>
    /// <exception cref="NotAllowedException">No longer a member, the tenant is suspended, or it demands a second factor that the session has not.</exception>
    public async Task<Member> MemberAsync(string slug, CancellationToken ct = default)
    {
        _last = null;
        var member = Active(await MembershipAsync(slug, ct)) ?? throw new NotAllowedException("Not a member of an active tenant.");
        var person = (await authentication.GetAuthenticationStateAsync()).User;
        return member with { From = person.OriginOf(), Confirmed = SessionId.Of(person) is { } session && await confirmed(session, ConfirmPerson.Lasts, ct) };
    }

    /// <summary>The member who sent a request, for uploads, downloads and other endpoints; null: answer 404.</summary>
    public async Task<Member?> RequestMemberAsync(HttpContext context, string slug, CancellationToken ct) =>
        Active(await door.OpenAsync(context.User, slug, ct)) is { } member ? member with { From = context.OriginOf() } : null;

    /// <summary>As <see cref="RequestMemberAsync"/>, with whether the person showed lately who they are.</summary>
    public async Task<Member?> ConfirmedMemberAsync(HttpContext context, string slug, CancellationToken ct) =>
        await RequestMemberAsync(context, slug, ct) is { } member && SessionId.Of(context.User) is { } session
            ? member with { Confirmed = await confirmed(session, ConfirmPerson.Lasts, ct) } : null;

    private static Member? Active(TenantMembership? membership) =>
        membership is { IsOpen: true } ? membership.Member : null;

    private async Task<TenantMembership?> ReadAsync(string slug, CancellationToken ct)
    {
        var state = await authentication.GetAuthenticationStateAsync();
        return await door.OpenAsync(state.User, slug, ct);
    }
}

internal static class Principals
{
    /// <summary>The user's id; null for a stranger.</summary>
    public static Guid? UserId(this ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;
}
