using Portal.Dispatch;

namespace Portal.Tests.Dispatch;

public sealed class LookPauseTests
{
    private readonly LookPause _pause = new(TimeSpan.FromMilliseconds(100));

    [Theory]
    [InlineData("1", 100)]
    [InlineData("50 50", 450)]
    [InlineData("900 900", 2000)]
    [InlineData("5 900", 100)]
    [InlineData("5 900 5", 100)]
    [InlineData("900 50", 450)]
    [InlineData("900 900 5", 100)]
    public void A_long_look_counts_when_the_one_before_was_long_too(string looks, int pause)
    {
        var last = looks.Split(' ').Aggregate(TimeSpan.Zero, (_, look) => _pause.After(TimeSpan.FromMilliseconds(int.Parse(look))));
        Assert.Equal(pause, last.TotalMilliseconds);
    }
}
