using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Portal.Members;
using Portal.Tenants;
using Portal.Web.Tenants;

namespace Portal.Web.SignIn;

/// <summary>
/// Whether a circuit may go on as it is: its session is there; the person is a member of its tenant, which is active, with the
/// role that its pages were drawn for, and with two factors where they are demanded; on the operator's pages, an operator signed in with two factors.
/// </summary>
public sealed class CircuitRights(
    AskAlive alive, AskStrong strong, TenantDoor door, FindOperator findOperator, CircuitTenant tenant, NavigationManager navigation)
{
    public async Task<bool> MayGoOnAsync(ClaimsPrincipal person, CancellationToken ct)
    {
        if (person.UserId() is not { } user || SessionId.Of(person) is not { } session || !await alive(session, ct))
            return false;
        if (tenant.Slug is { } slug)
            return await door.OpenAsync(person, slug, ct) is { IsOpen: true } membership && (tenant.Role is not { } drawn || drawn == membership.Role);
        return !IsOperators(navigation.Uri) || (await findOperator(user, ct) is not null && await strong(session, ct));
    }

    private static bool IsOperators(string uri) => new Uri(uri).AbsolutePath.StartsWith("/operator", StringComparison.OrdinalIgnoreCase);
}
