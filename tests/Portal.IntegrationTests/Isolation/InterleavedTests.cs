using Portal.Benchmarks.Rig;
using Xunit.Abstractions;

namespace Portal.IntegrationTests.Isolation;

/// <summary>Fifty tenants in turn over five pooled connections; <c>./portal bench isolation</c> does it in full size.</summary>
public sealed class InterleavedTests(PortalFixture portal, ITestOutputHelper output) : IClassFixture<PortalFixture>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_tenant_sees_a_row_of_another_over_a_shared_pool_whether_it_resets_or_not(bool reset)
    {
        var run = new Interleaving(portal.Database.Options, tenants: 50);
        await run.FillAsync(default);

        var seen = await run.RunAsync(each: 200, connections: 5, reset, default);

        output.WriteLine($"{seen}");
        Assert.Equal((10_000L, 0L, 0L), (seen.Operations, seen.Foreign, seen.Wrong));
        Assert.True(seen.Rows > 100_000 && seen.Failures > 500 && seen.Connections is > 0 and <= 10, $"{seen}");
    }
}
