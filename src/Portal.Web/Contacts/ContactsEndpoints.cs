using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Portal.Contacts;
using Portal.Tenants;
using Portal.Web.Tenants;

namespace Portal.Web.Contacts;

/// <summary>Uploads and downloads of contacts: they go over plain HTTP, not through a circuit.</summary>
public static class ContactsEndpoints
{
    public static IEndpointRouteBuilder MapContacts(this IEndpointRouteBuilder routes)
    {
        var contacts = routes.MapGroup("/t/{slug}/contacts").RequireAuthorization();
        contacts.MapGet("/import/upload/token", TokenAsync);
        contacts.MapPost("/import/upload", UploadAsync).WithMetadata(new RequestSizeLimitAttribute(StartImport.MostBytes + 1024));
        contacts.MapGet("/imports/{id:guid}/problems.csv", ProblemsAsync).WithMetadata(new PageAboutAttribute(Subject.Import));
        return routes;
    }

    private static async Task<IResult> TokenAsync(string slug, HttpContext context, CurrentTenant tenants, IAntiforgery antiforgery, CancellationToken ct) =>
        await SenderAsync(slug, context, tenants, ct) is null
            ? Results.NotFound()
            : Results.Text(antiforgery.GetAndStoreTokens(context).RequestToken);

    // The body is the file itself: nothing of it is written to a disk on the way.
    private static async Task<IResult> UploadAsync(
        string slug, string? name, HttpContext context, CurrentTenant tenants, IAntiforgery antiforgery, StartImport start, CancellationToken ct)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return Results.BadRequest();
        if (await SenderAsync(slug, context, tenants, ct) is not { } member)
            return Results.NotFound();
        var result = await start.RunAsync(member, new(name ?? "", context.Request.Body), ct);
        return result.Ok
            ? Results.Json(new UploadAnswer(result.Value, null), UploadJson.Default.UploadAnswer)
            : Results.Json(new UploadAnswer(null, [.. result.Problems.Select(p => p.Code)]), UploadJson.Default.UploadAnswer, statusCode: StatusCodes.Status400BadRequest);
    }

    private static async Task ProblemsAsync(
        string slug, Guid id, HttpContext context, CurrentTenant tenants, ImportStatus status, ImportProblemLines lines, IStringLocalizer<ContactsText> texts, CancellationToken ct)
    {
        if (await SenderAsync(slug, context, tenants, ct) is not { } member || await status.RunAsync(member, id, ct) is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"problems.csv\"";
        context.Response.Headers.CacheControl = "no-store";
        await using var csv = new SafeCsv(context.Response.Body);
        await csv.WriteAsync([texts["Problems.Line"], texts["Problems.Value"], texts["Problems.Reason"]], ct);
        await foreach (var line in lines.RunAsync(member, id, int.MaxValue, ct))
            await csv.WriteAsync([$"{line.Line}", line.Value, texts.Reason(line.Reason)], ct);
    }

    // Somebody who may not import learns no more than a stranger.
    private static async Task<Member?> SenderAsync(string slug, HttpContext context, CurrentTenant tenants, CancellationToken ct) =>
        await tenants.RequestMemberAsync(context, slug, ct) is { } member && member.Is(MemberRole.Sender) ? member : null;
}

/// <summary>What <c>upload.js</c> reads.</summary>
/// <param name="Import">The import that the file became.</param>
/// <param name="Problems">Codes of what is wrong with the file.</param>
internal sealed record UploadAnswer(Guid? Import, string[]? Problems);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UploadAnswer))]
internal sealed partial class UploadJson : JsonSerializerContext;
