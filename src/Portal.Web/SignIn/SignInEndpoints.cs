using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Portal.Web.Tenants;

namespace Portal.Web.SignIn;

internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/account/sign-out", SignOutAsync).AllowAnonymous();
        routes.MapPost("/account/passkey/request", RequestAsync).AllowAnonymous();
        routes.MapPost("/account/passkey/creation", CreationAsync);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, ILoggerFactory loggers)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return Results.BadRequest();
        if (context.User.UserId() is { } user)
            SignInLog.SignedOut(loggers.CreateLogger(typeof(SignInEndpoints)), user);
        await context.SignOutAsync(SignInServices.Scheme);
        // What the browser kept of the pages goes with the session. Its storage holds light or dark and nothing else.
        context.Response.Headers["Clear-Site-Data"] = "\"cache\"";
        return Results.LocalRedirect("/account/sign-in");
    }

    private static async Task<IResult> RequestAsync(HttpContext context, IAntiforgery antiforgery, PasskeyCeremony ceremony) =>
        await antiforgery.IsRequestValidAsync(context) ? Json(await ceremony.BeginRequestAsync(context)) : Results.BadRequest();

    private static async Task<IResult> CreationAsync(HttpContext context, IAntiforgery antiforgery, PasskeyCeremony ceremony) =>
        await antiforgery.IsRequestValidAsync(context) && context.User.UserId() is { } user
            ? Json(await ceremony.BeginCreationAsync(context, user))
            : Results.BadRequest();

    private static IResult Json(string options) => Results.Text(options, "application/json");
}
