using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Npgsql;
using Portal.Web.Hosting;

namespace Portal.Web.SignIn;

/// <summary>
/// Looks every few seconds whether a circuit may go on (<see cref="CircuitRights"/>). If not, <see cref="SignedOutWatch"/> has the browser load the page anew.
/// </summary>
internal sealed class SessionRevalidation(ILoggerFactory loggers, CircuitRights rights) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    private readonly ILogger _log = loggers.CreateLogger<SessionRevalidation>();

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(3);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            return await rights.MayGoOnAsync(authenticationState.User, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            // A database that is away for a moment must not cost anybody what they typed: each operation asks again anyway.
            HostLog.NotRevalidated(_log, e);
            return true;
        }
    }
}
