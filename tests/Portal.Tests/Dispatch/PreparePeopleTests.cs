using Portal.Dispatch;

namespace Portal.Tests.Dispatch;

public sealed class PreparePeopleTests
{
    [Theory]
    [InlineData(4, "1 3 4 7", "2 5 6 8", "8")]
    [InlineData(3, "1 3 4", "2 5 6", "6")]
    [InlineData(2, "1 3", "2", "3")]
    [InlineData(1, "1", "2", "2")]
    [InlineData(9, "1 3 4 7", "2 5 6 8", "8")]
    public void Whoever_is_skipped_stays_with_the_number_before_them(int cut, string numbers, string skipped, string last)
    {
        var people = new PreparePeople([1, 3, 4, 7], [2, 5, 6, 8], ["a", "b", "c", "d"], atEnd: false);

        people.CutAfter(cut);

        Assert.Equal(numbers, string.Join(' ', people.Numbers));
        Assert.Equal(skipped, string.Join(' ', people.Skipped));
        Assert.Equal(new[] { "a", "b", "c", "d" }.Take(people.Skipped.Length), people.Reasons);
        Assert.Equal(last, people.Last);
    }

    [Fact]
    public void Nobody_leaves_no_last_number() => Assert.Null(new PreparePeople([], [], [], atEnd: true).Last);

    [Fact]
    public void Whoever_is_last_may_be_one_that_is_skipped() => Assert.Equal("9", new PreparePeople([1], [9], ["a"], atEnd: true).Last);
}
