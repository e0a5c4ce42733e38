using Microsoft.AspNetCore.Components.Endpoints;
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
internal sealed class TenantGateMiddleware(RequestDelegate next, TenantDoor door, SubjectExists exists, AskAlive alive, TimeProvider clock, ILogger<TenantGateMiddleware> log)
{
    // What is taken away is gone within five seconds, also from a file that is on its way.
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(2);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/t", StringComparison.Ordinal, out var rest))
        {
            await next(context);
            return;
        }
        var slug = rest.Value?.Split('/', 3) is ["", { Length: > 0 } first, ..] ? first : null;
        var membership = slug is not null ? await door.OpenAsync(context.User, slug, context.RequestAborted) : null;
        if (membership is not { IsOpen: true })
            Refuse(context, membership);
        else if (await IsThereAsync(context, membership.Member))
            await HoldAsync(context, membership);
        else
            Refuse(context, membership: null);
    }

    /// <summary>An upload or a download may take minutes: it is cut when the person is out, or is less than when it began.</summary>
    private async Task HoldAsync(HttpContext context, TenantMembership began)
    {
        using var over = new CancellationTokenSource();
        var watching = WatchAsync(context, began, over.Token);
        try
        {
            await next(context);
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    private async Task WatchAsync(HttpContext context, TenantMembership began, CancellationToken over)
    {
        var (person, aborted) = (context.User, context.RequestAborted);
        using var timer = new PeriodicTimer(_every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                if (SessionId.Of(person) is { } session && await alive(session, over)
                    && await door.OpenAsync(person, began.Slug, over) is { IsOpen: true } now && now.Role == began.Role)
                {
                    continue;
                }
                context.Abort();
                return;
            }
        }
        catch (Exception) when (over.IsCancellationRequested || aborted.IsCancellationRequested)
        {
            // It has ended; what was asked then does not matter.
        }
        catch (Exception e)
        {
            // Nobody knows whether the person still may: nothing goes on.
            TenantsLog.NotKnown(log, e);
            context.Abort();
        }
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
        if (membership is { State: TenantState.Active })
        {
            LeadToFactor(context);
            return;
        }
        if (context.User.UserId() is { } user)
            TenantsLog.Refused(log, user, membership is null ? "no member of it, or there is none" : membership.State.ToString(), context.NetworkOf());
        context.Response.StatusCode = membership is null ? StatusCodes.Status404NotFound : StatusCodes.Status403Forbidden;
        if (membership is not null)
            context.Features.Set(new TenantSuspension(membership.Name, membership.SuspendedWhy));
    }

    /// <summary>A page leads to where one gets a second factor and back; an upload or a download is refused.</summary>
    private void LeadToFactor(HttpContext context)
    {
        if (context.User.UserId() is { } user)
            TenantsLog.Refused(log, user, "a second factor is demanded", context.NetworkOf());
        if (HttpMethods.IsGet(context.Request.Method) && context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            context.Response.Redirect(SecurityPage.WhyOfTenant(context.Request.PathBase + context.Request.Path));
        else
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
    }
}
