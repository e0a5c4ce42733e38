using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Npgsql;
using Portal.Members;
using Portal.Tenants;
using Portal.Web.Hosting;
using Portal.Web.Tenants;

namespace Portal.Web.SignIn;

/// <summary>
/// Looks every few seconds whether a circuit may go on: its session is there, and the person is a member of its tenant, which
/// is active. If not, <see cref="SignedOutWatch"/> has the browser load the page anew.
/// </summary>
internal sealed class SessionRevalidation(
    ILoggerFactory loggers, Sessions sessions, FindMembership find, CircuitTenant tenant) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    private readonly ILogger _log = loggers.CreateLogger<SessionRevalidation>();

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(5);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            return await MayGoOnAsync(authenticationState.User, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            // A database that is away for a moment must not cost anybody what they typed: each operation asks again anyway.
            HostLog.NotRevalidated(_log, e);
            return true;
        }
    }

    private async Task<bool> MayGoOnAsync(ClaimsPrincipal person, CancellationToken ct)
    {
        if (person.UserId() is not { } user || SessionId.Of(person) is not { } session || !await sessions.IsAliveAsync(session, ct))
            return false;
        return tenant.Slug is not { } slug || await find(slug, user, ct) is { State: TenantState.Active };
    }
}
