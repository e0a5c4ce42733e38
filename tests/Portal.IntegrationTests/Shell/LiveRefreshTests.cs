using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Live;
using Portal.Web.Shell;

namespace Portal.IntegrationTests.Shell;

public sealed class LiveRefreshTests
{
    private readonly Guid _tenant = Guid.NewGuid();
    private readonly Guid _subject = Guid.NewGuid();
    private readonly LiveFeed _feed = new(NullLogger<LiveFeed>.Instance);

    [Fact]
    public async Task A_burst_of_changes_is_read_at_most_twice_and_what_does_not_concern_the_page_never()
    {
        var reads = 0;
        using var live = new LiveRefresh(_feed, _tenant, TimeProvider.System, id => id == _subject, () => { Interlocked.Increment(ref reads); return Task.CompletedTask; });
        await _feed.DeliverAsync(new LiveChange(_tenant, Guid.NewGuid()));
        await _feed.DeliverAsync(new LiveChange(Guid.NewGuid(), _subject));
        Assert.Equal(0, reads);
        for (var i = 0; i < 1000; i++)
            await _feed.DeliverAsync(new LiveChange(_tenant, _subject));
        await UntilAsync(() => Volatile.Read(ref reads) == 2);
    }

    [Fact]
    public async Task The_page_is_read_in_its_own_language()
    {
        var language = "";
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-Hans");
        using var live = new LiveRefresh(_feed, _tenant, TimeProvider.System, _ => true, () => { language = CultureInfo.CurrentUICulture.Name; return Task.CompletedTask; });
        CultureInfo.CurrentUICulture = before;
        await _feed.DeliverAsync(new LiveChange(_tenant, _subject));
        await UntilAsync(() => language == "zh-Hans");
    }

    [Fact]
    public async Task A_page_that_was_left_is_not_read_again()
    {
        var reads = 0;
        var live = new LiveRefresh(_feed, _tenant, TimeProvider.System, _ => true, () => { Interlocked.Increment(ref reads); return Task.CompletedTask; });
        await _feed.DeliverAsync(new LiveChange(_tenant, _subject));
        await UntilAsync(() => Volatile.Read(ref reads) == 1);
        await _feed.DeliverAsync(new LiveChange(_tenant, _subject));
        live.Dispose();
        await _feed.DeliverAsync(new LiveChange(_tenant, _subject));
        Assert.Equal(1, reads);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!holds())
            await Task.Delay(10, limit.Token);
    }
}
