using Microsoft.Extensions.Options;
using Portal.Dispatch;

namespace Portal.Tests.Dispatch;

public sealed class ProcessShareTests
{
    private readonly ProcessShare _share = new(Options.Create(new DispatchOptions { OpenRequests = 10 }));
    private readonly Guid _big = Guid.NewGuid();
    private readonly Guid _small = Guid.NewGuid();

    [Fact]
    public async Task Alone_a_tenant_has_all_of_it()
    {
        using var joined = _share.Join(_big);
        for (var i = 0; i < 10; i++)
            await _share.EnterAsync(_big, CancellationToken.None);
        Assert.False(_share.EnterAsync(_big, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task Beside_another_with_something_to_send_it_has_half()
    {
        using var joined = _share.Join(_big);
        var other = _share.Join(_small);
        for (var i = 0; i < 5; i++)
            await _share.EnterAsync(_big, CancellationToken.None);
        var sixth = _share.EnterAsync(_big, CancellationToken.None);
        Assert.False(sixth.IsCompleted);
        Assert.NotNull(await _share.EnterAsync(_small, CancellationToken.None));
        other.Dispose();
        Assert.NotNull(await sixth.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_freed_place_goes_to_who_holds_the_fewest()
    {
        using var joined = _share.Join(_big);
        var held = new List<IDisposable>();
        for (var i = 0; i < 10; i++)
            held.Add(await _share.EnterAsync(_big, CancellationToken.None));
        var again = _share.EnterAsync(_big, CancellationToken.None);
        using var other = _share.Join(_small);
        var first = _share.EnterAsync(_small, CancellationToken.None);
        held[0].Dispose();
        held[0].Dispose();
        Assert.NotNull(await first.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.False(again.IsCompleted);
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_no_place()
    {
        using var joined = _share.Join(_big);
        var held = new List<IDisposable>();
        for (var i = 0; i < 10; i++)
            held.Add(await _share.EnterAsync(_big, CancellationToken.None));
        using var stop = new CancellationTokenSource();
        var waiting = _share.EnterAsync(_big, stop.Token);
        var next = _share.EnterAsync(_big, CancellationToken.None);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        held[0].Dispose();
        Assert.NotNull(await next.WaitAsync(TimeSpan.FromSeconds(10)));
    }
}
