using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Portal.ArchitectureTests.Samples.Pages;

internal sealed class SomeContext(DbContextOptions<SomeContext> options) : DbContext(options);

internal sealed class PageWithAContext : ComponentBase
{
    [Inject]
    public required SomeContext Db { get; init; }
}

internal sealed class PageWithAFactory : ComponentBase
{
    [Inject]
    public required IDbContextFactory<SomeContext> Factory { get; init; }
}

internal sealed class PageWithAConnectionInItsBody : ComponentBase
{
    protected override async Task OnInitializedAsync()
    {
        await using var source = NpgsqlDataSource.Create("Host=nowhere");
    }
}

internal sealed class PageWithASource : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _left = new();

    public void Dispose() => _left.Dispose();
}

internal sealed class PageThatAsks : ComponentBase
{
    [Inject]
    public required Query Query { get; init; }
}

internal sealed class Query(SomeContext db)
{
    public SomeContext Db => db;
}
