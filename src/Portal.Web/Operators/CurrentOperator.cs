using Microsoft.AspNetCore.Components.Authorization;
using Portal.Members;
using Portal.Tenants;
using Portal.Web.SignIn;
using Portal.Web.Tenants;

namespace Portal.Web.Operators;

/// <summary>The operator who acts now: read anew for every operation.</summary>
public sealed class CurrentOperator(FindOperator find, AskStrong strong, AskConfirmed confirmed, AuthenticationStateProvider authentication)
{
    /// <summary>The session that the operator is signed in with.</summary>
    public async Task<byte[]> SessionAsync() =>
        SessionId.Of((await authentication.GetAuthenticationStateAsync()).User) ?? throw new NotAllowedException("This needs an operator.");

    /// <exception cref="NotAllowedException">Not an operator, no longer one, or without a second factor.</exception>
    public async Task<Operator> OperatorAsync(CancellationToken ct)
    {
        var state = await authentication.GetAuthenticationStateAsync();
        var found = state.User.UserId() is { } user && SessionId.Of(state.User) is { } session && await strong(session, ct) ? await find(user, ct) : null;
        return found is not null ? found with { From = state.User.OriginOf() } : throw new NotAllowedException("This needs an operator.");
    }

    /// <summary>As <see cref="OperatorAsync"/>, with whether they showed lately who they are.</summary>
    public async Task<Operator> ConfirmedAsync(CancellationToken ct) =>
        await OperatorAsync(ct) with { Confirmed = await confirmed(await SessionAsync(), ConfirmPerson.Lasts, ct) };
}
