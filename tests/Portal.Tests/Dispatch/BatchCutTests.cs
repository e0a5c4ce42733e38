using Portal.Dispatch;

namespace Portal.Tests.Dispatch;

public sealed class BatchCutTests
{
    [Theory]
    [InlineData(0, 25, 10, 0, "0-9 10-19 20-24")]
    [InlineData(0, 20, 10, 0, "0-9 10-19")]
    [InlineData(0, 30, 10, 13, "0-9 10-12 13-22 23-29")]
    [InlineData(0, 30, 10, 4, "0-3 4-13 14-23 24-29")]
    [InlineData(10, 33, 10, 13, "10-12 13-22 23-32")]
    [InlineData(23, 33, 10, 13, "23-32")]
    [InlineData(5, 20, 10, 0, "5-9 10-19")]
    [InlineData(0, 5, 10, 100, "0-4")]
    [InlineData(7, 7, 10, 0, "")]
    public void A_part_is_cut_where_the_whole_would_be(int from, int to, int size, int canary, string ranges)
    {
        var cut = BatchCut.Ranges(from, to, size, canary);
        Assert.Equal(ranges, string.Join(' ', cut.First.Zip(cut.Last, (first, last) => $"{first}-{last}")));
    }

    [Theory]
    [InlineData(25, 10, 0, 20)]
    [InlineData(30, 10, 0, 30)]
    [InlineData(9, 10, 0, 0)]
    [InlineData(12, 10, 13, 10)]
    [InlineData(13, 10, 13, 13)]
    [InlineData(22, 10, 13, 13)]
    [InlineData(23, 10, 13, 23)]
    public void The_last_cut_is_where_a_batch_ends(int places, int size, int canary, int cut) =>
        Assert.Equal(cut, BatchCut.LastAtOrBelow(places, size, canary));
}
