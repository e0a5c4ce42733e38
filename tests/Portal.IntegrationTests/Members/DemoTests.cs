using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Portal.Members;
using Portal.Web;
using Portal.Web.Admin;

namespace Portal.IntegrationTests.Members;

[Collection(WholePortal.Name)]
public sealed class DemoTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task The_demo_can_be_made_again_and_again_and_its_sign_ins_work()
    {
        await using var services = Services("Development");

        var first = await RunAsync(services);
        var second = await RunAsync(services);

        Assert.Equal(first.Value, second.Value);
        Assert.Equal(1L, await _database.AdminScalarAsync<long>("select count(*) from ident.tenants"));
        Assert.Equal(200L, await _database.AdminScalarAsync<long>("select count(*) from app.list_members"));
        Assert.Equal(200L, await _database.AdminScalarAsync<long>("select count(*) from app.contacts where number ~ '^86138[0-9]{8}$' and fields->>'name' <> ''"));
        await using var scope = services.CreateAsyncScope();
        var check = scope.ServiceProvider.GetRequiredService<CheckPassword>();
        foreach (var person in (AdminPerson[])[first.Value.Operator!, first.Value.Owner!])
            Assert.NotNull(await check.RunAsync(person.Email, person.Password!, "10.0.0.1", CancellationToken.None));
    }

    [Fact]
    public async Task The_demo_is_refused_outside_development()
    {
        await using var services = Services("Production");

        Assert.Equal("demo_not_here", Assert.Single((await RunAsync(services)).Problems).Code);
        Assert.Equal(0L, await _database.AdminScalarAsync<long>("select count(*) from ident.users"));
    }

    private static async Task<Result<AdminAnswer>> RunAsync(ServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        return await ActivatorUtilities.CreateInstance<Demo>(
            scope.ServiceProvider,
            ActivatorUtilities.CreateInstance<DemoAccount>(scope.ServiceProvider),
            ActivatorUtilities.CreateInstance<DemoContacts>(scope.ServiceProvider)).RunAsync(null, CancellationToken.None);
    }

    private ServiceProvider Services(string environment) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddCommandLine(RunningPortal.Settings(_database)).Build())
        .AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = environment, ContentRootPath = AppContext.BaseDirectory })
        .AddLogging()
        .AddProduct()
        .BuildServiceProvider();
}
