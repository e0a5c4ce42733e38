using Portal.Receipts;

namespace Portal.Tests.Receipts;

/// <summary>Which steps of a test message are done, and what counts as missing.</summary>
public sealed class TestStepsTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
    private static readonly TestRun _asked = new(_now, "+86 198 •••• 1234", _now.AddSeconds(-10), null, null, null, null, null, null, null, null, null);
    private static readonly TestRun _accepted = _asked with { Batch = "accepted", AcceptedAt = _now.AddSeconds(-9), TaskId = "1" };

    [Fact]
    public void What_was_asked_just_now_waits_for_its_answer() => Assert.Equal((TestStepState.Waiting, null), Last(_asked));

    [Fact]
    public void After_a_minute_without_a_request_it_is_missing() => Assert.Equal((TestStepState.Missing, "held"), Last(_asked with { Now = _now.AddMinutes(1) }));

    [Theory]
    [InlineData("refused", TestStepState.Failed, "refused", true)]
    [InlineData("cancelled", TestStepState.Failed, "called_off", true)]
    [InlineData("in_doubt", TestStepState.Missing, "in_doubt", false)]
    public void How_its_request_ended_is_told(string batch, TestStepState state, string why, bool over)
    {
        var run = _asked with { Batch = batch };
        Assert.Equal((state, why), Last(run));
        Assert.Equal(over, TestSteps.IsOver(run));
    }

    [Fact]
    public void Whoever_is_left_out_gets_no_message() => Assert.Equal((TestStepState.Failed, "skipped"), Last(_asked with { Skip = "suppressed" }));

    [Fact]
    public void Once_accepted_it_waits_for_the_receipt() => Assert.Equal((TestStepState.Waiting, null), Last(_accepted));

    [Fact]
    public void A_minute_after_the_answer_the_receipt_is_missing_and_the_account_says_why()
    {
        var late = _accepted with { Now = _now.AddMinutes(2) };
        Assert.Equal((TestStepState.Missing, "never"), Last(late));
        Assert.Equal((TestStepState.Missing, "none_since"), Last(late with { LastAt = late.AskedAt.AddHours(-1) }));
        Assert.Equal((TestStepState.Missing, "others_came"), Last(late with { LastAt = late.AskedAt.AddSeconds(30) }));
        Assert.False(TestSteps.IsOver(late));
    }

    [Fact]
    public void With_its_receipt_every_step_is_done()
    {
        var run = _accepted with { ReceivedAt = _now.AddSeconds(-5), Status = "DELIVRD", LagMs = 400 };
        Assert.Equal([TestStepName.Asked, TestStepName.Accepted, TestStepName.Came, TestStepName.Applied], TestSteps.Of(run).Select(s => s.Name));
        Assert.All(TestSteps.Of(run), s => Assert.Equal(TestStepState.Done, s.State));
        Assert.Equal(_now.AddMilliseconds(-4600), TestSteps.Of(run)[^1].At);
        Assert.True(TestSteps.IsOver(run));
    }

    [Fact]
    public void A_receipt_proves_what_the_reply_left_in_doubt() =>
        Assert.True(TestSteps.IsOver(_asked with { Batch = "in_doubt", ReceivedAt = _now, Status = "DELIVRD" }));

    private static (TestStepState State, string? Why) Last(TestRun run) => (TestSteps.Of(run)[^1].State, TestSteps.Of(run)[^1].Why);
}
