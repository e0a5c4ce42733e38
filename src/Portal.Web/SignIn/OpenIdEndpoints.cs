using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Portal.Members;
using Portal.Web.Hosting;
using Portal.Web.Tenants;

namespace Portal.Web.SignIn;

/// <summary>To the provider of OpenID Connect, and back from it.</summary>
internal static class OpenIdEndpoints
{
    public static void MapOpenId(this IEndpointRouteBuilder routes)
    {
        if (!routes.ServiceProvider.GetRequiredService<IOptions<OpenIdOptions>>().Value.IsSet)
            return;
        routes.MapGet("/account/openid/start", StartAsync).AllowAnonymous();
        routes.MapGet("/account/openid/done", DoneAsync).AllowAnonymous();
    }

    public static string StartAt(string? returnUrl) => "/account/openid/start?returnUrl=" + Uri.EscapeDataString(LocalPath.Of(returnUrl));

    // A link and no form: the policy of our pages lets no form lead to another site. Another site's link leads nowhere.
    private static async Task StartAsync(HttpContext context, string? returnUrl)
    {
        if (context.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin"))
        {
            context.Response.Redirect("/account/sign-in");
            return;
        }
        try
        {
            await context.ChallengeAsync(OpenIdSetup.Challenge, new() { RedirectUri = "/account/openid/done?returnUrl=" + Uri.EscapeDataString(LocalPath.Of(returnUrl)) });
        }
        catch (Exception e) when (e is InvalidOperationException or HttpRequestException or IOException)
        {
            // The provider does not answer: people sign in as before.
            context.RefuseOpenId(e);
        }
    }

    private static async Task<IResult> DoneAsync(
        HttpContext context, string? returnUrl, OpenIdLogins logins, CheckSecondFactor secondFactor, StepCookie step, CancellationToken ct)
    {
        if (await context.OpenIdAsync() is not { } account)
            return Results.LocalRedirect("/account/sign-in");
        // Somebody who is signed in comes back to link, and a stranger to be told what they may do.
        if (context.User.UserId() is not null || await logins.FindAsync(account, ct) is not { } person)
            return Results.LocalRedirect("/account/openid");
        await context.SignOutAsync(OpenIdSetup.Arrived);
        var back = LocalPath.Of(returnUrl);
        // How the provider asked is the provider's: whoever has a second factor here is asked for it here.
        if (await secondFactor.IsAskedAsync(person.UserId, ct))
        {
            step.Set(context, new(person.UserId, person.Stamp, Remember: false));
            return Results.LocalRedirect("/account/second-step?returnUrl=" + Uri.EscapeDataString(back));
        }
        await context.SignInAsync(person, SignInBy.OpenId);
        return Results.LocalRedirect(back);
    }
}
