using Microsoft.AspNetCore.Authorization;
using Portal.Members;
using Portal.Web.Tenants;

namespace Portal.Web.SignIn;

/// <summary>Only operators, asked anew each time: the right is in the database, not in the cookie.</summary>
internal static class OperatorPolicy
{
    public const string Name = "operator";
}

internal sealed class OperatorRequirement : IAuthorizationRequirement;

internal sealed class OperatorHandler(FindOperator find) : AuthorizationHandler<OperatorRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, OperatorRequirement requirement)
    {
        if (context.User.UserId() is { } user && await find(user, CancellationToken.None) is not null)
            context.Succeed(requirement);
    }
}
