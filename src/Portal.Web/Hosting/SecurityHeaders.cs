namespace Portal.Web.Hosting;

internal static class SecurityHeaders
{
    // No inline script anywhere. MudBlazor sets styles on elements (popovers, progress): styles may be inline.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>What a browser is told to forbid, on every answer.</summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app, bool https) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (https)
            headers.StrictTransportSecurity = "max-age=31536000";
        return next(context);
    });
}
