using Portal.Members;
using Portal.Tenants;

namespace Portal.Web.Tenants;

/// <summary>Why a member does not get in: for the page that says so.</summary>
internal sealed record TenantSuspension(string Name, string? Why);

/// <summary>
/// Stands before everything below <c>/t/{slug}</c>: pages, uploads, downloads. A tenant that is not there and one that is not
/// the person's give the same answer.
/// </summary>
internal sealed class TenantGateMiddleware(RequestDelegate next, TenantDoor door)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/t", StringComparison.Ordinal, out var rest))
        {
            await next(context);
            return;
        }
        var slug = rest.Value?.Split('/', 3) is ["", { Length: > 0 } first, ..] ? first : null;
        var membership = slug is not null ? await door.OpenAsync(context.User, slug, context.RequestAborted) : null;
        if (membership is { State: TenantState.Active })
            await next(context);
        else
            Refuse(context, membership);
    }

    private static void Refuse(HttpContext context, TenantMembership? membership)
    {
        context.Response.StatusCode = membership is null ? StatusCodes.Status404NotFound : StatusCodes.Status403Forbidden;
        if (membership is not null)
            context.Features.Set(new TenantSuspension(membership.Name, membership.SuspendedWhy));
    }
}
