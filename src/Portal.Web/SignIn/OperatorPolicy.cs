using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Portal.Members;
using Portal.Web.Tenants;

namespace Portal.Web.SignIn;

/// <summary>Only operators who signed in with two factors, asked anew each time: the right is in the database, not in the cookie.</summary>
internal static class OperatorPolicy
{
    public const string Name = "operator";

    private const string Enrol = "/account/security?why=operator";

    /// <summary>An operator without a second factor is led to where they get one; everybody else is refused.</summary>
    public static async Task RefuseAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        var find = context.HttpContext.RequestServices.GetRequiredService<FindOperator>();
        if (context.Request.Path.StartsWithSegments("/operator", StringComparison.OrdinalIgnoreCase)
            && context.HttpContext.User.UserId() is { } user && await find(user, context.HttpContext.RequestAborted) is not null)
        {
            context.Response.Redirect(Enrol);
        }
        else
        {
            if (context.HttpContext.User.UserId() is { } refused)
                SignInLog.NotAnOperator(context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OperatorPolicy)), refused, context.HttpContext.NetworkOf());
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
    }
}

internal sealed class OperatorRequirement : IAuthorizationRequirement;

internal sealed class OperatorHandler(FindOperator find, AskStrong strong) : AuthorizationHandler<OperatorRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, OperatorRequirement requirement)
    {
        if (context.User.UserId() is { } user && SessionId.Of(context.User) is { } session
            && await find(user, CancellationToken.None) is not null && await strong(session, CancellationToken.None))
        {
            context.Succeed(requirement);
        }
    }
}
