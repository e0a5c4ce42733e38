using Portal.Data;
using Portal.Receipts;
using Portal.Sms.Provider;

namespace Portal.Tests.Receipts;

public sealed class ReceiptChangesTests
{
    private static readonly Guid _sending = Guid.CreateVersion7();

    [Theory]
    [InlineData("", "DELIVRD", 1, 0)]
    [InlineData("", "UNDELIV", 0, 1)]
    [InlineData("", "MK:0001", 0, 1)]
    [InlineData("", "ACCEPTD", 0, 0)]
    [InlineData("", "MK:0001 DELIVRD", 1, 0)]
    [InlineData("", "DELIVRD UNDELIV", 1, 0)]
    [InlineData("", "UNDELIV DELIVRD", 0, 1)]
    [InlineData("", "ACCEPTD UNDELIV ENROUTE", 0, 1)]
    [InlineData("DELIVRD", "UNDELIV", 0, 0)]
    [InlineData("MK:0001", "DELIVRD", 1, -1)]
    [InlineData("MK:0001", "MK:0002", 0, 0)]
    [InlineData("MK:0001", "UNDELIV", 0, 0)]
    [InlineData("ACCEPTD", "DELIVRD", 1, 0)]
    [InlineData("MK:0001 DELIVRD", "UNDELIV", 0, 0)]
    public void The_first_definitive_word_counts_and_replaces_a_provisional_one(string written, string come, int delivered, int undelivered)
    {
        var changes = Of([.. come.Split(' ').Select((word, i) => Row(100 + i, 8613800000001, word))], Written(written));

        Assert.Equal(come.Split(' ').Length, changes.Fresh.Count);
        var move = changes.MoveOf(_sending);
        Assert.Equal((delivered, undelivered), (move.Delivered, move.Undelivered));
        Assert.Equal((delivered, undelivered) != default, changes.Moves.Any());
    }

    [Fact]
    public void What_is_pushed_again_is_written_once_and_moves_nothing()
    {
        var again = Of([Row(7, 8613800000001, "DELIVRD"), Row(8, 8613800000001, "DELIVRD")], []);
        Assert.Equal(7, Assert.Single(again.Fresh).Row.Id);
        Assert.Equal(1, again.MoveOf(_sending).Delivered);

        var known = Of([Row(7, 8613800000001, "DELIVRD")], Written("DELIVRD"));
        Assert.Empty(known.Fresh);
        Assert.Empty(known.Moves);
    }

    [Fact]
    public void The_same_word_at_another_time_is_another_receipt()
    {
        var changes = Of([Row(7, 8613800000001, "DELIVRD", "2026-11-22 10:00:00"), Row(8, 8613800000001, "DELIVRD", "2026-11-22 10:00:01")], []);
        Assert.Equal(2, changes.Fresh.Count);
        Assert.Equal(1, changes.MoveOf(_sending).Delivered);
    }

    [Fact]
    public void Thousands_about_one_message_are_told_apart()
    {
        MatchRow[] rows = [.. Enumerable.Range(0, 60_000).Select(n => Row(n, 8613800000001, "DELIVRD", times: n.ToString(System.Globalization.CultureInfo.InvariantCulture)))];
        // Each compared with each would take more than a minute.
        var changes = Of(rows, Written("ENROUTE"));
        Assert.Equal((60_000, 1), (changes.Fresh.Count, changes.MoveOf(_sending).Delivered));
    }

    [Fact]
    public void Messages_are_told_apart_by_number_and_sending()
    {
        var other = Guid.CreateVersion7();
        MatchRow[] rows = [Row(1, 8613800000001, "DELIVRD"), Row(2, 8613800000002, "UNDELIV"), Row(3, 8613800000001, "DELIVRD", sending: other), Row(4, 8613800000001, "UNDELIV")];
        var changes = Of(rows, []);
        Assert.Equal(4, changes.Fresh.Count);
        Assert.Equal((1, 1), (changes.MoveOf(_sending).Delivered, changes.MoveOf(_sending).Undelivered));
        Assert.Equal((1, 0), (changes.MoveOf(other).Delivered, changes.MoveOf(other).Undelivered));
    }

    [Fact]
    public void Only_the_first_receipt_of_somebody_who_is_not_counted_as_accepted_may_count_them()
    {
        Assert.Empty(Of([Row(1, 8613800000001, "DELIVRD")], []).FirstOfOpen);
        Assert.Empty(Of([Row(1, 8613800000001, "DELIVRD", open: true)], Written("ACCEPTD")).FirstOfOpen);
        var changes = Of([Row(1, 8613800000001, "ACCEPTD", open: true), Row(2, 8613800000001, "DELIVRD", open: true), Row(3, 8613800000002, "DELIVRD", open: true)], []);
        Assert.Equal([8613800000001, 8613800000002], changes.FirstOfOpen.Select(r => r.Number));
    }

    [Theory]
    [InlineData("in_doubt")]
    [InlineData("refused")]
    [InlineData("cancelled")]
    [InlineData("skipped")]
    [InlineData("waiting")]
    public void Who_is_told_of_counts_as_accepted_and_no_more_as_what_they_were(string before)
    {
        var move = new CountMove();
        move.Tell(before, 3);
        Assert.Equal(3, move.Accepted);
        Assert.Equal(before == "waiting" ? 0 : -3, move.InDoubt + move.Refused + move.Cancelled + move.Dropped);
        Assert.Equal(before switch { "in_doubt" => move.InDoubt, "refused" => move.Refused, "cancelled" => move.Cancelled, "skipped" => move.Dropped, _ => 0 }, before == "waiting" ? 0 : -3);
    }

    private static ReceiptChanges Of(MatchRow[] rows, PriorReceipt[] written)
    {
        var sorted = rows.ToList();
        sorted.Sort(MatchRow.InOrder);
        return ReceiptChanges.Of(sorted, written.ToLookup(_ => 0));
    }

    private static PriorReceipt[] Written(string words) => [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select((word, i) => new PriorReceipt("77", word, "2026-11-22 10:00:00", Words.Of(Row(i, 8613800000001, word).Meaning), i + 1))];

    private static MatchRow Row(long id, long number, string status, string times = "2026-11-22 10:00:00", bool open = false, Guid? sending = null)
    {
        var account = new AccountOfKey(Guid.Empty, Guid.Empty, DateTimeOffset.UnixEpoch);
        var read = new ReadReceipt(new StoredReceipt(id, DateTimeOffset.UnixEpoch, null, null, []), new ProviderReceipt("k", "77", "8613800000001", false, status, times), [account]);
        return new MatchRow(new Delivery(read, account), new TaskRange(default, sending ?? _sending, 0, 0, open, !open, false), number, 0);
    }
}
