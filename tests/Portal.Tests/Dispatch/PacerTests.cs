using Microsoft.Extensions.Time.Testing;
using Portal.Dispatch;

namespace Portal.Tests.Dispatch;

public sealed class PacerTests
{
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task The_whole_rate_is_used_and_no_second_has_more(int rate)
    {
        var grants = await GrantsAsync(new Pacer(rate, _clock), TimeSpan.FromSeconds(30), _ => TimeSpan.Zero);
        Assert.InRange(grants.Count, (int)(rate * 30 * 0.985) - 1, rate * 30);
        Assert.True(MostInASecond(grants) <= rate);
    }

    [Fact]
    public async Task Hiccups_are_caught_up_and_no_second_has_more()
    {
        var step = 0;
        var grants = await GrantsAsync(new Pacer(100, _clock), TimeSpan.FromSeconds(60), _ => TimeSpan.FromMilliseconds(++step % 50 == 0 ? 150 : step * 7 % 5));
        Assert.True(MostInASecond(grants) <= 100);
        Assert.InRange(grants.Count, 5900, 6000);
    }

    [Fact]
    public async Task An_idle_time_is_no_credit()
    {
        var pacer = new Pacer(100, _clock);
        await GrantsAsync(pacer, TimeSpan.FromSeconds(1), _ => TimeSpan.Zero);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var grants = await GrantsAsync(pacer, TimeSpan.FromSeconds(2), _ => TimeSpan.Zero);
        Assert.True(MostInASecond(grants) <= 100);
    }

    [Fact]
    public async Task The_first_waits_a_whole_interval_for_whoever_paced_before()
    {
        var start = _clock.GetUtcNow();
        var grants = await GrantsAsync(new Pacer(10, _clock), TimeSpan.FromSeconds(1), _ => TimeSpan.Zero);
        Assert.True(grants[0] - start >= TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Too_much_slows_down_once_an_episode_and_comes_back_to_just_below()
    {
        var pacer = new Pacer(100, _clock);
        for (var i = 0; i < 10; i++)
            pacer.SlowDown();
        Assert.Equal(90, pacer.Rate, 0.5);
        await GrantsAsync(pacer, TimeSpan.FromSeconds(10), _ => TimeSpan.Zero);
        Assert.Equal(97, pacer.Rate, 0.5);
        await GrantsAsync(pacer, TimeSpan.FromSeconds(70), _ => TimeSpan.Zero);
        Assert.Equal(100, pacer.Rate, 0.5);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(97)]
    public async Task A_provider_that_allows_less_is_found_out_with_few_refusals(int allowed)
    {
        var pacer = new Pacer(100, _clock);
        var (taken, refused) = (new Queue<DateTimeOffset>(), 0);
        var (all, late) = (0, 0);
        var start = _clock.GetUtcNow();
        await GrantsAsync(pacer, TimeSpan.FromMinutes(10), at =>
        {
            while (taken.TryPeek(out var oldest) && at - oldest >= TimeSpan.FromSeconds(1))
                taken.Dequeue();
            var warm = at - start > TimeSpan.FromMinutes(1);
            all += warm ? 1 : 0;
            if (taken.Count >= allowed)
            {
                refused++;
                late += warm ? 1 : 0;
                pacer.SlowDown();
            }
            else
            {
                taken.Enqueue(at);
            }
            return TimeSpan.Zero;
        });
        Assert.True(late <= all * 0.002, $"{late} of {all} were refused");
        Assert.True(all - late >= allowed * 540 * 0.9, $"{all - late} of {allowed * 540} were used");
    }

    [Fact]
    public async Task A_changed_rate_counts_from_the_next_grant()
    {
        var pacer = new Pacer(100, _clock);
        await GrantsAsync(pacer, TimeSpan.FromSeconds(1), _ => TimeSpan.Zero);
        pacer.Change(10);
        var grants = await GrantsAsync(pacer, TimeSpan.FromSeconds(10), _ => TimeSpan.Zero);
        Assert.InRange(grants.Count, 85, 101);
    }

    [Fact]
    public Task Commits_that_take_long_let_no_more_leave_in_a_second_and_delay_little() => Task.Run(async () =>
    {
        var (pacer, step, end) = (new Pacer(100, _clock), 0, _clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        var (left, most) = (new List<DateTimeOffset>(), TimeSpan.Zero);
        var waiting = pacer.WaitAsync(CancellationToken.None);
        while (_clock.GetUtcNow() < end)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(0.5));
            if (!waiting.IsCompleted)
                continue;
            _ = OneAsync(await waiting, TimeSpan.FromMilliseconds(++step % 37 == 0 ? 90 : step * 7 % 30));
            waiting = pacer.WaitAsync(CancellationToken.None);
        }
        Assert.True(MostInASecond(left) <= 100, $"{MostInASecond(left)} left in a second");
        Assert.InRange(left.Count, 5900, 6000);
        Assert.True(most < TimeSpan.FromMilliseconds(150), $"one left {most} after its instant");

        async Task OneAsync(DateTimeOffset granted, TimeSpan commit)
        {
            await Task.Delay(commit, _clock);
            await pacer.LeaveAsync(granted, CancellationToken.None);
            var now = _clock.GetUtcNow();
            lock (left)
                left.Add(now);
            most = now - granted > most ? now - granted : most;
        }
    });

    [Fact]
    public async Task Waiting_ends_with_the_token()
    {
        using var stop = new CancellationTokenSource();
        var waiting = new Pacer(1, _clock).WaitAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    /// <summary>
    /// Runs the pacer for so long; each grant takes as long to act on as said. Away from the test's own context: who waits for
    /// the clock goes on within the call that advances it, and not whenever a busy machine gets round to it.
    /// </summary>
    private Task<List<DateTimeOffset>> GrantsAsync(Pacer pacer, TimeSpan span, Func<DateTimeOffset, TimeSpan> takes) => Task.Run(async () =>
    {
        var (grants, end) = (new List<DateTimeOffset>(), _clock.GetUtcNow() + span);
        while (true)
        {
            var waiting = pacer.WaitAsync(CancellationToken.None);
            while (!waiting.IsCompleted)
            {
                if (_clock.GetUtcNow() >= end)
                    return grants;
                _clock.Advance(TimeSpan.FromMilliseconds(0.5));
            }
            grants.Add(await waiting);
            _clock.Advance(takes(grants[^1]));
            if (_clock.GetUtcNow() >= end)
                return grants;
        }
    });

    private static int MostInASecond(List<DateTimeOffset> grants)
    {
        var (most, from) = (0, 0);
        for (var to = 0; to < grants.Count; to++)
        {
            while (grants[to] - grants[from] >= TimeSpan.FromSeconds(1))
                from++;
            most = Math.Max(most, to - from + 1);
        }
        return most;
    }
}
