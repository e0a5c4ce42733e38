using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Localization;
using Portal.Members;
using Portal.Tenants;
using Portal.Web.Contacts;
using Portal.Web.SignIn;
using Portal.Web.Tenants;

namespace Portal.Web.Operators;

internal static class OperatorsHost
{
    public static IServiceCollection AddOperatorPages(this IServiceCollection services) => services.AddScoped<CurrentOperator>();

    public static void MapOperators(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/operator/usage.csv", UsageAsync).RequireAuthorization(OperatorPolicy.Name);
        routes.MapGet("/t/{slug}/export.zip", ExportAsync).RequireAuthorization();
        routes.MapPost("/operator/acting/end", EndActingAsync).RequireAuthorization(OperatorPolicy.Name);
    }

    private static async Task<IResult> EndActingAsync(HttpContext context, IAntiforgery antiforgery, FindOperator find, ActFor act, CancellationToken ct)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return Results.BadRequest();
        if (context.User.UserId() is not { } user || SessionId.Of(context.User) is not { } session || await find(user, ct) is not { } by)
            return Results.NotFound();
        var tenant = await act.EndAsync(by with { From = context.OriginOf() }, session, ct);
        return Results.LocalRedirect(tenant is { } id ? $"/operator/tenants/{id}" : "/operator/tenants");
    }

    private static async Task UsageAsync(
        string? from, string? to, HttpContext context, FindOperator find, UsageList usage, IStringLocalizer<OperationsText> texts, TimeProvider clock, CancellationToken ct)
    {
        if (context.User.UserId() is not { } user || await find(user, ct) is not { } by)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var (first, last) = UsagePage.Months(from, to, clock);
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"usage.csv\"";
        context.Response.Headers.CacheControl = "no-store";
        await using var csv = new SafeCsv(context.Response.Body);
        await csv.WriteAsync(((string[])["Month", "Tenant", "Address", "Messages", "Segments", "Accounts"]).Select(c => texts["Usage." + c].Value), ct);
        foreach (var row in await usage.RunAsync(by, first, last, ct))
            await csv.WriteAsync([row.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture), row.Name, "/t/" + row.Slug, $"{row.Messages}", $"{row.Segments}", $"{row.Accounts}"], ct);
    }

    // Over plain HTTP: the browser shows its own progress too, and nothing is kept here.
    private static async Task ExportAsync(string slug, HttpContext context, CurrentTenant tenants, ExportTenant export, CancellationToken ct)
    {
        if (await tenants.ConfirmedMemberAsync(context, slug, ct) is not { } member || !member.Is(MemberRole.Owner))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (!member.Confirmed)
        {
            context.Response.Redirect($"/t/{slug}/export");
            return;
        }
        try
        {
            var began = await export.RunAsync(member, Open, ct);
            if (!began)
                context.Response.Redirect($"/t/{slug}/export");
        }
        catch (OperationCanceledException)
        {
            // Half a file must not look like a whole one.
            context.Abort();
        }

        Stream Open()
        {
            context.Response.ContentType = "application/zip";
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{slug}.zip\"";
            context.Response.Headers.CacheControl = "no-store";
            return context.Response.Body;
        }
    }
}
