using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.IntegrationTests.Receipts;
using Portal.Live;

namespace Portal.IntegrationTests.Shell;

/// <summary>What changes on one instance is told on every instance, and nobody stays with an old page after an outage.</summary>
public sealed class LiveRelayTests(PortalFixture portal) : IClassFixture<PortalFixture>, IAsyncLifetime
{
    private readonly List<ServiceProvider> _instances = [];
    private readonly ConcurrentQueue<(int Instance, Guid SubjectId)> _heard = new();
    private readonly Guid _tenant = Guid.NewGuid();

    public async Task InitializeAsync()
    {
        foreach (var number in (int[])[0, 1])
        {
            var instance = portal.Build(s => s.AddLiveRelay());
            _instances.Add(instance);
            foreach (var service in instance.GetServices<IHostedService>())
                await service.StartAsync(CancellationToken.None);
            FeedOf(number).Subscribe(_tenant, change => { _heard.Enqueue((number, change.SubjectId)); return Task.CompletedTask; });
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            foreach (var service in instance.GetServices<IHostedService>())
                await service.StopAsync(CancellationToken.None);
            await instance.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_one_instance_changes_all_tell_and_only_to_its_tenant()
    {
        var (subject, other) = (Guid.NewGuid(), Guid.NewGuid());
        // Again and again: whoever begins to listen a moment later has missed the first.
        await UntilHeardByBothAsync(subject, () =>
        {
            FeedOf(0).Publish(Guid.NewGuid(), other);
            FeedOf(0).Publish(_tenant, subject);
        });
        Assert.DoesNotContain(_heard, h => h.SubjectId == other);
    }

    [Fact]
    public async Task After_a_cut_connection_whoever_looks_looks_again()
    {
        var subject = Guid.NewGuid();
        await UntilHeardByBothAsync(subject, () => FeedOf(0).Publish(_tenant, subject));
        await UntilHeardByBothAsync(Guid.Empty, () => { }, () => portal.Database.AdminAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen %'"));
        _heard.Clear();
        await UntilHeardByBothAsync(subject, () => FeedOf(1).Publish(_tenant, subject));
    }

    [Fact]
    public async Task What_changes_while_the_database_is_away_is_told_when_it_is_back()
    {
        var before = Guid.NewGuid();
        await UntilHeardByBothAsync(before, () => FeedOf(0).Publish(_tenant, before));
        var subject = Guid.NewGuid();
        await using (await Outage.BeginAsync(portal.Database))
        {
            FeedOf(0).Publish(_tenant, subject);
            // Longer than a change waits for others.
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
        await UntilAsync(() => Task.FromResult(((int[])[0, 1]).All(i => _heard.Any(h => h.Instance == i && (h.SubjectId == subject || h.SubjectId == Guid.Empty)))));
    }

    private LiveFeed FeedOf(int instance) => _instances[instance].GetRequiredService<LiveFeed>();

    private Task UntilHeardByBothAsync(Guid subject, Action again, Func<Task>? cut = null) => UntilAsync(async () =>
    {
        again();
        if (((int[])[0, 1]).All(i => _heard.Contains((i, subject))))
            return true;
        if (cut is not null)
            await cut();
        return false;
    });

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await holds())
            await Task.Delay(500, limit.Token);
    }
}
