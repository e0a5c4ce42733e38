using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Portal.Data;
using Portal.Members;

namespace Portal.Migrations;

/// <summary>Contexts as the migrations see them: also what <c>dotnet ef migrations add</c> uses.</summary>
internal static class Contexts
{
    private const string NoDatabase = "Host=localhost;Database=portal";

    public static PortalDb App(string connectionString = NoDatabase) =>
        new(new DbContextOptionsBuilder<PortalDb>()
            .UseNpgsql(connectionString, o => o.MigrationsAssembly(typeof(Contexts).Assembly).MigrationsHistoryTable("migrations_app", "infra"))
            .UseSnakeCaseNamingConvention().Options, new TenantScope(Guid.Empty));

    public static IdentityDb Ident(string connectionString = NoDatabase) =>
        new(new DbContextOptionsBuilder<IdentityDb>()
            .UseNpgsql(connectionString, o => o.MigrationsAssembly(typeof(Contexts).Assembly).MigrationsHistoryTable("migrations_ident", "infra"))
            .UseSnakeCaseNamingConvention().Options);
}

internal sealed class AppDesignTime : IDesignTimeDbContextFactory<PortalDb>
{
    public PortalDb CreateDbContext(string[] args) => Contexts.App();
}

internal sealed class IdentDesignTime : IDesignTimeDbContextFactory<IdentityDb>
{
    public IdentityDb CreateDbContext(string[] args) => Contexts.Ident();
}
