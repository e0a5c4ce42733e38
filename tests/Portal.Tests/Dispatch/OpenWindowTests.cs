using Portal.Dispatch;

namespace Portal.Tests.Dispatch;

public sealed class OpenWindowTests
{
    [Fact]
    public void Without_experience_it_is_what_the_provider_allows() => Assert.Equal(100, new OpenWindow().Size(100, 100));

    [Theory]
    [InlineData(100, 100, 300, 36)]
    [InlineData(100, 100, 1500, 100)]
    [InlineData(10, 100, 20, 2)]
    [InlineData(10, 1, 20, 1)]
    public void It_is_rate_times_latency_and_a_fifth_more(int rate, int concurrency, int latency, int size)
    {
        var window = new OpenWindow();
        for (var i = 0; i < 100; i++)
            window.Answered(TimeSpan.FromMilliseconds(latency));
        Assert.Equal(size, window.Size(rate, concurrency));
    }

    [Fact]
    public void The_last_hundred_answers_count_and_the_slowest_few_do_not()
    {
        var window = new OpenWindow();
        for (var i = 0; i < 500; i++)
            window.Answered(TimeSpan.FromSeconds(9));
        for (var i = 0; i < 100; i++)
            window.Answered(i % 25 == 0 ? TimeSpan.FromSeconds(5) : TimeSpan.FromMilliseconds(100));
        Assert.Equal(12, window.Size(100, 100));
    }
}
