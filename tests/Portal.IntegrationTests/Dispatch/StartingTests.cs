using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>A process that is asked to stop while it starts is not stopped service by service: until it has started, no request may be open.</summary>
public sealed class StartingTests(PortalFixture portal) : DispatchTest(portal)
{
    private readonly Starting _starting = new();

    protected override void Change(IServiceCollection services) => services.AddSingleton<IHostApplicationLifetime>(_starting);

    [Fact]
    public async Task Nothing_is_claimed_before_the_whole_portal_has_started()
    {
        var sending = await PreparedAsync("Hello", await ListAsync(20));
        await StartAsync();
        // Ten looks for due work fit into this.
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.Equal(2L, await OneAsync<long>("select count(*) from app.batches where sending_id = $1 and state = 'planned'", sending));

        _starting.Done();
        await UntilQuietAsync(sending);
        Assert.Equal(20, (await CountsAsync(sending)).Accepted);
    }

    private sealed class Starting : IHostApplicationLifetime
    {
        private readonly CancellationTokenSource _started = new();

        public CancellationToken ApplicationStarted => _started.Token;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void Done() => _started.Cancel();

        public void StopApplication()
        {
            // Nobody asks it to.
        }
    }
}
