using Microsoft.AspNetCore.Components.Authorization;
using Portal.Members;
using Portal.Tenants;
using Portal.Web.Tenants;

namespace Portal.Web.Operators;

/// <summary>The operator who acts now: read anew for every operation.</summary>
public sealed class CurrentOperator(FindOperator find, AuthenticationStateProvider authentication)
{
    /// <exception cref="NotAllowedException">Not an operator, or no longer.</exception>
    public async Task<Operator> OperatorAsync(CancellationToken ct)
    {
        var state = await authentication.GetAuthenticationStateAsync();
        var found = state.User.UserId() is { } user ? await find(user, ct) : null;
        return found ?? throw new NotAllowedException("This needs an operator.");
    }
}
