using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Options;

namespace Portal.Web.Hosting;

/// <summary>English and Chinese: as the cookie says, else as the browser asks.</summary>
internal static class Languages
{
    private const string Cookie = "portal.language";
    private static readonly string[] _names = ["en", "zh-Hans"];

    public static void UseLanguages(this IApplicationBuilder app, PortalOptions portal)
    {
        var options = new RequestLocalizationOptions().SetDefaultCulture(_names[0]).AddSupportedCultures(_names).AddSupportedUICultures(_names);
        options.RequestCultureProviders = [new CookieRequestCultureProvider { CookieName = portal.CookieName(Cookie) }, new AcceptLanguageHeaderRequestCultureProvider()];
        app.UseRequestLocalization(options);
    }

    public static void MapLanguages(this IEndpointRouteBuilder routes) => routes.MapGet("/language/{culture}", Choose).AllowAnonymous();

    private static IResult Choose(string culture, string? back, HttpContext context, IOptions<PortalOptions> portal)
    {
        if (!_names.Contains(culture))
            return Results.NotFound();
        context.Response.Cookies.Append(
            portal.Value.CookieName(Cookie),
            CookieRequestCultureProvider.MakeCookieValue(new(culture)),
            new() { MaxAge = TimeSpan.FromDays(365), HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = portal.Value.IsHttps, Path = "/" });
        return Results.LocalRedirect(LocalPath.Of(back));
    }
}
