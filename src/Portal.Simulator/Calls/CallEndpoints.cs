namespace Portal.Simulator.Calls;

internal static class CallEndpoints
{
    public static IServiceCollection AddCalls(this IServiceCollection services) => services
        .AddSingleton<TaskIds>().AddSingleton<Checks>().AddSingleton<Decisions>().AddSingleton<CallHandler>();

    /// <summary>
    /// The two calls under any path prefix (the same platform is sold under several brands). A middleware, since a route
    /// cannot begin with "anything"; it stands before routing, which costs the calls nothing then.
    /// </summary>
    public static void UseCalls(this WebApplication app)
    {
        var handler = app.Services.GetRequiredService<CallHandler>();
        app.Use((HttpContext http, RequestDelegate next) =>
            CallOf(http.Request) is { } call ? handler.HandleAsync(call, http) : next(http));
    }

    private static CallKind? CallOf(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        return !HttpMethods.IsPost(request.Method) ? null
            : path.EndsWith("/outauth/send", StringComparison.Ordinal) ? CallKind.Send
            : path.EndsWith("/outauth/verifCodeSend", StringComparison.Ordinal) ? CallKind.VerifCodeSend
            : null;
    }
}
