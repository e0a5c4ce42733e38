using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Audit;
using Portal.Members;
using Portal.Tenants;
using Portal.Web.Contacts;
using Portal.Web.SignIn;
using Portal.Web.Tenants;

namespace Portal.Web.Audit;

/// <summary>Downloads of audits.</summary>
internal static class AuditEndpoints
{
    public static IServiceCollection AddAuditPages(this IServiceCollection services) => services.AddScoped<AuditSentence>();

    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/t/{slug}/audit.csv", OfTenantAsync).RequireAuthorization();
        routes.MapGet("/operator/audit.csv", OfOperatorsAsync).RequireAuthorization(OperatorPolicy.Name);
    }

    // Somebody who may not read it learns no more than a stranger.
    private static async Task OfTenantAsync(
        string slug, string? who, string? what, string? from, string? to, HttpContext context, CurrentTenant tenants, AuditList list, Csv csv, CancellationToken ct)
    {
        if (await tenants.RequestMemberAsync(context, slug, ct) is { } member && member.Is(MemberRole.Manager))
            await csv.WriteAsync(context, $"audit-{slug}.csv", list.AllAsync(member, AuditFilters.Read(who, what, from, to), ct), tenants: false, ct);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private static async Task OfOperatorsAsync(
        string? who, string? what, string? from, string? to, HttpContext context, FindOperator find, OperatorAudit list, Csv csv, CancellationToken ct)
    {
        if (context.User.UserId() is { } user && await find(user, ct) is { } by)
            await csv.WriteAsync(context, "audit-operators.csv", list.AllAsync(by, AuditFilters.Read(who, what, from, to), ct), tenants: true, ct);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    /// <summary>Bound from the services: what both downloads need.</summary>
    internal sealed class Csv(IStringLocalizer<AuditText> texts, AuditSentence sentence)
    {
        public static ValueTask<Csv?> BindAsync(HttpContext context) =>
            ValueTask.FromResult<Csv?>(ActivatorUtilities.CreateInstance<Csv>(context.RequestServices));

        public async Task WriteAsync(HttpContext context, string name, IAsyncEnumerable<AuditRow> rows, bool tenants, CancellationToken ct)
        {
            context.Response.ContentType = "text/csv; charset=utf-8";
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
            context.Response.Headers.CacheControl = "no-store";
            await using var csv = new SafeCsv(context.Response.Body);
            string[] heads = ["When", "Tenant", "Who", "Operator", "What", "Subject", "Where", "Session", "Action", "Details"];
            await csv.WriteAsync(heads.Where(h => tenants || h != "Tenant").Select(h => texts["Col." + h].Value + (h == "When" ? " (UTC)" : "")), ct);
            await foreach (var row in rows.WithCancellation(ct))
                await csv.WriteAsync(Cells(row, tenants), ct);
        }

        private IEnumerable<string> Cells(AuditRow row, bool tenants)
        {
            yield return row.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
            if (tenants)
                yield return row.Tenant ?? "";
            yield return row.Actor ?? "";
            yield return row.ByOperator ? texts["Yes"].Value : "";
            yield return sentence.Of(row, TimeZoneInfo.Utc);
            yield return row.Subject ?? "";
            yield return row.Address ?? "";
            yield return row.Session ?? "";
            yield return row.Action;
            yield return string.Join(" | ", row.Details);
        }
    }
}
