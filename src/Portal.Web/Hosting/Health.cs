using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data;

namespace Portal.Web.Hosting;

/// <summary>Whether the process lives, and whether it can do its work: the database answers as each role it uses.</summary>
internal sealed class Health(Databases databases, IOptions<PortalOptions> options, ILogger<Health> log)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    public async Task<IResult> ReadyAsync(CancellationToken ct)
    {
        var roles = RolesOf(options.Value).Distinct().ToArray();
        var answers = await Task.WhenAll(roles.Select(r => AnswersAsync(r, ct)));
        var failing = string.Join(", ", roles.Where((_, i) => !answers[i]).Select(r => r.ToString().ToLowerInvariant()));
        if (failing.Length == 0)
            return Results.Text("ready");
        HostLog.NotReady(log, failing);
        return Results.Text($"not ready: the database does not answer as {failing}", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static IEnumerable<DatabaseRole> RolesOf(PortalOptions portal)
    {
        // What takes receipts and nothing else takes them without a database as well: it must not be taken out of service.
        if (!portal.Has(PortalRole.Web) && !portal.Has(PortalRole.Worker))
            yield break;
        // Data Protection's keys and the vault's are needed by all others.
        foreach (var role in (DatabaseRole[])[DatabaseRole.App, DatabaseRole.Identity, DatabaseRole.Dispatch, DatabaseRole.Keys])
            yield return role;
        if (portal.Has(PortalRole.Web))
            yield return DatabaseRole.Operator;
        if (portal.Has(PortalRole.Receipts))
            yield return DatabaseRole.Inbox;
        if (portal.Has(PortalRole.Worker))
            yield return DatabaseRole.Applier;
    }

    private async Task<bool> AnswersAsync(DatabaseRole role, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_patience);
        try
        {
            await using var command = databases[role].CreateCommand("select 1");
            await command.ExecuteScalarAsync(limit.Token);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }
}

internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Text("alive"));
        routes.MapGet("/health/ready", (Health health, CancellationToken ct) => health.ReadyAsync(ct));
    }
}
