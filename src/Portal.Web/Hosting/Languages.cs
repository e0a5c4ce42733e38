using Microsoft.AspNetCore.Localization;

namespace Portal.Web.Hosting;

/// <summary>English and Chinese: as the cookie says, else as the browser asks.</summary>
internal static class Languages
{
    private static readonly string[] _names = ["en", "zh-Hans"];

    public static void UseLanguages(this IApplicationBuilder app)
    {
        var options = new RequestLocalizationOptions().SetDefaultCulture(_names[0]).AddSupportedCultures(_names).AddSupportedUICultures(_names);
        options.RequestCultureProviders = [new CookieRequestCultureProvider(), new AcceptLanguageHeaderRequestCultureProvider()];
        app.UseRequestLocalization(options);
    }

    public static void MapLanguages(this IEndpointRouteBuilder routes) => routes.MapGet("/language/{culture}", Choose).AllowAnonymous();

    private static IResult Choose(string culture, string? back, HttpContext context)
    {
        if (!_names.Contains(culture))
            return Results.NotFound();
        context.Response.Cookies.Append(
            CookieRequestCultureProvider.DefaultCookieName,
            CookieRequestCultureProvider.MakeCookieValue(new(culture)),
            new() { MaxAge = TimeSpan.FromDays(365), HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps });
        return Results.LocalRedirect(LocalPath.Of(back));
    }
}
