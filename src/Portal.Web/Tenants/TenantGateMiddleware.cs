using Portal.Members;
using Portal.Tenants;
using Portal.Web.SignIn;

namespace Portal.Web.Tenants;

/// <summary>Why a member does not get in: for the page that says so.</summary>
internal sealed record TenantSuspension(string Name, string? Why);

/// <summary>
/// Stands before everything below <c>/t/{slug}</c>: pages, uploads, downloads. A tenant that is not there and one that is not
/// the person's give the same answer, and so do an id that nobody has and one of another tenant.
/// </summary>
internal sealed class TenantGateMiddleware(RequestDelegate next, TenantDoor door, SubjectExists exists, ILogger<TenantGateMiddleware> log)
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
        if (membership is not { State: TenantState.Active })
            Refuse(context, membership);
        else if (await IsThereAsync(context, membership.Member))
            await next(context);
        else
            Refuse(context, membership: null);
    }

    // The circuit asks anew what it shows; this is for the answer to the address.
    private async Task<bool> IsThereAsync(HttpContext context, Member member)
    {
        if (!context.Request.RouteValues.TryGetValue(PageAboutAttribute.Key, out var value))
            return true;
        return context.GetEndpoint()?.Metadata.GetMetadata<PageAboutAttribute>() is { } about
            && Guid.TryParse(value?.ToString(), out var id) && await exists.RunAsync(member, about.Subject, id, context.RequestAborted);
    }

    private void Refuse(HttpContext context, TenantMembership? membership)
    {
        if (context.User.UserId() is { } user)
            TenantsLog.Refused(log, user, membership is null ? "no member of it, or there is none" : membership.State.ToString(), context.NetworkOf());
        context.Response.StatusCode = membership is null ? StatusCodes.Status404NotFound : StatusCodes.Status403Forbidden;
        if (membership is not null)
            context.Features.Set(new TenantSuspension(membership.Name, membership.SuspendedWhy));
    }
}
