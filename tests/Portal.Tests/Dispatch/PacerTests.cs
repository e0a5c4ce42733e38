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

    [Theory]
    [InlineData(100)]
    [InlineData(300)]
    [InlineData(1000)]
    [InlineData(2000)]
    public async Task Timers_that_fire_late_cost_nothing_of_the_rate(int rate)
    {
        var grants = await GrantsAsync(new Pacer(rate, _clock), TimeSpan.FromSeconds(30), _ => TimeSpan.Zero, TimeSpan.FromMilliseconds(4));
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
    public async Task Commits_that_take_long_let_no_more_leave_in_a_second_and_delay_little()
    {
        var step = 0;
        var left = await LeavingAsync(100, TimeSpan.FromMinutes(1), _ => TimeSpan.FromMilliseconds(++step % 37 == 0 ? 90 : step * 7 % 30));
        Assert.True(MostInASecond(left.ConvertAll(l => l.At)) <= 100, $"{MostInASecond(left.ConvertAll(l => l.At))} left in a second");
        Assert.InRange(left.Count, 5900, 6000);
        Assert.True(left.TrueForAll(l => l.At - l.Granted < TimeSpan.FromMilliseconds(150)), $"one left {left.Max(l => l.At - l.Granted)} after its instant");
    }

    [Fact]
    public async Task What_a_cold_start_held_up_together_leaves_in_its_turn_and_not_in_a_clump_nor_does_it_come_again_as_one()
    {
        var start = _clock.GetUtcNow();
        // All that begins in the first 120 ms is ready at their end.
        var left = await LeavingAsync(100, TimeSpan.FromSeconds(10), now => TimeSpan.FromMilliseconds(Math.Max(0, 120 - (now - start).TotalMilliseconds)));
        var apart = left.Zip(left.Skip(1), (one, next) => (next.At - one.At).TotalMilliseconds).ToList();
        Assert.True(apart.Min() >= 4.5, $"{apart.Min()} ms apart");
        // On the average of any ten, so that those which a stall of the network gathers are few.
        Assert.True(left.Zip(left.Skip(10), (one, next) => (next.At - one.At).TotalMilliseconds).Min() >= 75);
        Assert.Equal(left.OrderBy(l => l.Granted), left);
        Assert.InRange(left.Count, 980, 1000);
        Assert.True(MostInASecond(left.ConvertAll(l => l.At)) <= 100);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(1000)]
    public async Task However_high_the_rate_is_all_of_it_leaves(int rate)
    {
        var left = await LeavingAsync(rate, TimeSpan.FromSeconds(10), _ => TimeSpan.FromMilliseconds(5));
        Assert.InRange(left.Count, (rate * 10 * 0.985) - 1, rate * 10);
        Assert.True(MostInASecond(left.ConvertAll(l => l.At)) <= rate);
    }

    [Fact]
    public async Task Who_gives_up_while_it_waits_for_its_turn_lets_those_behind_it_pass()
    {
        var (pacer, granted) = (new Pacer(1, _clock), _clock.GetUtcNow());
        using var gaveUp = new CancellationTokenSource();
        await pacer.LeaveAsync(granted, CancellationToken.None);
        var (first, second, third) = (pacer.LeaveAsync(granted, gaveUp.Token), pacer.LeaveAsync(granted, gaveUp.Token), pacer.LeaveAsync(granted, CancellationToken.None));
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1.1));
        await third.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Waiting_ends_with_the_token()
    {
        using var stop = new CancellationTokenSource();
        var waiting = new Pacer(1, _clock).WaitAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    /// <summary>
    /// Runs the pacer for so long; each grant takes as long to act on as said, and timers fire at every step. Away from the test's own context: who waits for
    /// the clock goes on within the call that advances it, and not whenever a busy machine gets round to it.
    /// </summary>
    private Task<List<DateTimeOffset>> GrantsAsync(Pacer pacer, TimeSpan span, Func<DateTimeOffset, TimeSpan> takes, TimeSpan? step = null) => Task.Run(async () =>
    {
        var (grants, end) = (new List<DateTimeOffset>(), _clock.GetUtcNow() + span);
        while (true)
        {
            var waiting = pacer.WaitAsync(CancellationToken.None);
            while (!waiting.IsCompleted)
            {
                if (_clock.GetUtcNow() >= end)
                    return grants;
                _clock.Advance(step ?? TimeSpan.FromMilliseconds(0.5));
            }
            grants.Add(await waiting);
            _clock.Advance(takes(grants[^1]));
            if (_clock.GetUtcNow() >= end)
                return grants;
        }
    });

    /// <summary>Runs the pacer for so long; between its grant and its leaving each takes as long as said. In the order in which they left.</summary>
    private Task<List<(DateTimeOffset Granted, DateTimeOffset At)>> LeavingAsync(int rate, TimeSpan span, Func<DateTimeOffset, TimeSpan> commit) => Task.Run(async () =>
    {
        var (pacer, end) = (new Pacer(rate, _clock), _clock.GetUtcNow() + span);
        var left = new List<(DateTimeOffset Granted, DateTimeOffset At)>();
        var waiting = pacer.WaitAsync(CancellationToken.None);
        while (_clock.GetUtcNow() < end)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(0.5));
            while (waiting.IsCompleted)
            {
                _ = OneAsync(await waiting, commit(_clock.GetUtcNow()));
                waiting = pacer.WaitAsync(CancellationToken.None);
            }
        }
        return left;

        async Task OneAsync(DateTimeOffset granted, TimeSpan commit)
        {
            await Task.Delay(commit, _clock);
            await pacer.LeaveAsync(granted, CancellationToken.None);
            left.Add((granted, _clock.GetUtcNow()));
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
