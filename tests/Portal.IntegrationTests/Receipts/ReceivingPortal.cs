using Microsoft.AspNetCore.Builder;
using Portal.IntegrationTests.Members;

namespace Portal.IntegrationTests.Receipts;

/// <summary>The portal as a process that takes receipts and does nothing else; its spool is a megabyte.</summary>
public sealed class ReceivingPortal : IAsyncLifetime
{
    private WebApplication? _app;

    public TestDatabase Database { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        (_app, Address) = await RunningPortal.StartAsync(Database, "--Portal:Roles=receipts", "--Portal:Receipts:SpoolMegabytes=1");
    }

    public async Task DisposeAsync()
    {
        await _app!.DisposeAsync();
        await Database.DisposeAsync();
    }
}
