using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.IntegrationTests.Members;
using Portal.Tenants;

namespace Portal.IntegrationTests.Shell;

/// <summary>An address that the portal knows, from the routing itself: one made tomorrow is tested without being named here.</summary>
internal sealed record PortalRoute(string Pattern, IReadOnlyList<string> Parameters, IReadOnlyList<string> Methods, Subject? About)
{
    public bool IsTenants => Parameters.Contains("slug", StringComparer.OrdinalIgnoreCase);

    public bool Takes(string method) => Methods.Count == 0 || Methods.Contains(method);

    /// <summary>The address with these values; what is left over gets a word.</summary>
    public string Fill(string slug, Guid id) => string.Join('/', Pattern.Split('/').Select(part => part switch
    {
        _ when !part.Contains('{', StringComparison.Ordinal) => part,
        _ when part.StartsWith("{slug", StringComparison.OrdinalIgnoreCase) => slug,
        _ when part.StartsWith("{id", StringComparison.OrdinalIgnoreCase) => id.ToString(),
        "{Code:int}" => "404",
        "{culture}" => "en",
        _ => "none",
    }));
}

internal static class PortalRoutes
{
    public static IReadOnlyList<PortalRoute> Of(IServiceProvider services) =>
        [.. services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(e => new PortalRoute(
                "/" + e.RoutePattern.RawText!.TrimStart('/'),
                [.. e.RoutePattern.Parameters.Select(p => p.Name)],
                [.. e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []],
                e.Metadata.GetMetadata<Web.Tenants.PageAboutAttribute>()?.Subject))
            .DistinctBy(r => (r.Pattern, string.Join(',', r.Methods)))];

    /// <summary>A tenant with one of each thing that pages are about, put there by an administrator.</summary>
    public static async Task<FilledTenant> FillAsync(RunningPortal portal)
    {
        var team = await new TeamRig(portal).BeginAsync();
        await using var admin = await portal.Database.OpenAdminAsync();
        await ExecuteAsync(admin, "set session_replication_role = replica");
        var ids = new Dictionary<Subject, Guid>();
        foreach (var table in await Isolation.TenantTables.ReadAsync(admin))
        {
            if (SubjectOf(table.Name) is not { } subject)
                continue;
            await ExecuteAsync(admin, Isolation.TenantTables.InsertOf(table, team.Tenant.Id));
            ids[subject] = await portal.Database.AdminScalarAsync<Guid>($"select id from app.{table.Name} where tenant_id = '{team.Tenant.Id}'");
        }
        Assert.Equal(Enum.GetValues<Subject>().Length, ids.Count);
        return new(team, ids);
    }

    private static Subject? SubjectOf(string table) => table switch
    {
        "accounts" => Subject.Account,
        "campaigns" => Subject.Campaign,
        "schedules" => Subject.Schedule,
        "lists" => Subject.List,
        "imports" => Subject.Import,
        _ => null,
    };

    private static async Task ExecuteAsync(Npgsql.NpgsqlConnection admin, string sql)
    {
        await using var command = new Npgsql.NpgsqlCommand(sql, admin);
        await command.ExecuteNonQueryAsync();
    }
}

internal sealed record FilledTenant(TeamRig Team, IReadOnlyDictionary<Subject, Guid> Ids)
{
    public string Slug => Team.Tenant.Slug;
}
