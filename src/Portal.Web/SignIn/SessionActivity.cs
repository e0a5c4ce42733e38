using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Portal.Members;

namespace Portal.Web.SignIn;

/// <summary>Work in a circuit sends no request: it keeps the session from going idle all the same.</summary>
internal sealed class SessionActivity(AuthenticationStateProvider authentication, Sessions sessions, TimeProvider clock) : CircuitHandler
{
    private static readonly TimeSpan _every = TimeSpan.FromMinutes(1);

    private long _touchedAt = clock.GetTimestamp();

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) =>
        async context =>
        {
            if (clock.GetElapsedTime(_touchedAt) > _every)
            {
                _touchedAt = clock.GetTimestamp();
                await TouchAsync();
            }
            await next(context);
        };

    private async Task TouchAsync()
    {
        if (SessionId.Of((await authentication.GetAuthenticationStateAsync()).User) is { } id)
            await sessions.TouchAsync(id, CancellationToken.None);
    }
}
