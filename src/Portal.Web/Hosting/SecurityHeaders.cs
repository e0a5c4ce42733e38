using Microsoft.Extensions.Primitives;

namespace Portal.Web.Hosting;

internal static class SecurityHeaders
{
    // No inline script anywhere. MudBlazor sets styles on elements (popovers, progress): styles may be inline.
    private static readonly StringValues _policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private static readonly StringValues _permissions = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=()";

    private static readonly StringValues _nothing = "default-src 'none'; frame-ancestors 'none'";
    private static readonly StringValues _noSniff = "nosniff";
    private static readonly StringValues _noStore = "no-store";
    private static readonly StringValues _transport = "max-age=31536000; includeSubDomains";

    /// <summary>What a browser is told to forbid, on every answer: also on one that an exception has cleared.</summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app, bool https)
    {
        Func<object, Task> set = https ? SetWithTransport : Set;
        app.Use((HttpContext context, RequestDelegate next) =>
        {
            context.Response.OnStarting(set, context.Response.Headers);
            return next(context);
        });
    }

    /// <summary>What is left of it for an answer that only a machine reads: nothing may be made of it, and nothing loaded by it.</summary>
    public static void SetForMachines(HttpResponse response, bool https)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = _nothing;
        headers.XContentTypeOptions = _noSniff;
        headers.CacheControl = _noStore;
        if (https)
            headers.StrictTransportSecurity = _transport;
    }

    private static Task SetWithTransport(object headers)
    {
        ((IHeaderDictionary)headers).StrictTransportSecurity = _transport;
        return Set(headers);
    }

    private static Task Set(object answered)
    {
        var headers = (IHeaderDictionary)answered;
        headers.ContentSecurityPolicy = _policy;
        headers.XContentTypeOptions = _noSniff;
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = _permissions;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // Files of the program say for how long they may be kept; nothing else is kept.
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = _noStore;
        return Task.CompletedTask;
    }
}
