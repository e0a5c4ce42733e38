using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data;
using Portal.Members;
using Portal.Tenants;

namespace Portal.IntegrationTests;

/// <summary>A database of its own and the product's services over it, as the portal's own roles.</summary>
public sealed class PortalFixture : IAsyncLifetime
{
    private ServiceProvider? _services;

    public TestDatabase Database { get; private set; } = null!;

    public IServiceProvider Services => _services!;

    public Databases Databases => Services.GetRequiredService<Databases>();

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        _services = Build(services => { });
    }

    /// <summary>The product's services over this fixture's database, with what a test replaces.</summary>
    public ServiceProvider Build(Action<IServiceCollection> replace) => Build(Database.Options, Database.FenceDirectory, replace);

    /// <summary>The same over any database.</summary>
    internal static ServiceProvider Build(DatabaseOptions database, string fenceDirectory, Action<IServiceCollection> replace)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Portal:Vault:RootKeys"] = "1:" + Convert.ToBase64String(new byte[32].Select((_, i) => (byte)(i + 7)).ToArray()),
            ["Portal:Vault:Environment"] = "test",
            ["Portal:Provider:AllowPrivateAddresses"] = "true",
            ["Portal:Provider:AllowHttp"] = "true",
            ["Portal:Provider:AllowedHosts:0"] = "*",
            ["Portal:Provider:RequestTimeoutSeconds"] = "5",
            ["Portal:Dispatch:FenceDirectory"] = fenceDirectory,
            ["Portal:Receipts:SpoolDirectory"] = Path.Combine(fenceDirectory, "spool"),
        };
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddLogging(log => log.AddConsole().SetMinimumLevel(Microsoft.Extensions.Logging.LogLevel.Warning));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Microsoft.Extensions.Options.Options.Create(database));
        services.AddSingleton<Databases>();
        services.AddSingleton<PortalDbFactory>();
        Product.Add(services);
        replace(services);
        return services.BuildServiceProvider(validateScopes: false);
    }

    /// <summary>A tenant with an owner, as an operator would create it.</summary>
    public async Task<Member> NewTenantAsync(string? name = null)
    {
        var tenant = Guid.CreateVersion7();
        var user = Guid.CreateVersion7();
        var slug = "t-" + tenant.ToString("N")[20..];
        await using (var admin = await Database.OpenAdminAsync())
        await using (var command = new NpgsqlCommand("""
            insert into ident.users (id, user_name, normalized_user_name, email, normalized_email, email_confirmed, phone_number_confirmed,
                                     two_factor_enabled, lockout_enabled, access_failed_count, display_name, is_operator)
            values ($2, $4, upper($4), $4, upper($4), true, false, false, true, 0, 'Owner', false);
            """, admin))
        {
            command.CommandText = command.CommandText.Replace("$2", $"'{user}'", StringComparison.Ordinal).Replace("$4", $"'{slug}@example.test'", StringComparison.Ordinal)
                + $"""
                insert into ident.tenants (id, slug, name, state, created_at) values ('{tenant}', '{slug}', '{name ?? slug}', 'active', now());
                insert into ident.memberships (tenant_id, user_id, role, created_at) values ('{tenant}', '{user}', 'owner', now());
                insert into app.tenant_settings (tenant_id, time_zone, country, undo_seconds, doubt_pause) values ('{tenant}', 'Asia/Shanghai', 'CN', 0, 3);
                """;
            await command.ExecuteNonQueryAsync();
        }
        if (Services.GetService<Vault.Vault>() is { } vault)
            await vault.CreateTenantKeyAsync(tenant, CancellationToken.None);
        return new Member(tenant, user, "Owner", MemberRole.Owner) { Confirmed = true };
    }

    public async Task DisposeAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
        await Database.DisposeAsync();
    }
}
