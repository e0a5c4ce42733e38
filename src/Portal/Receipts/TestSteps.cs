namespace Portal.Receipts;

public enum TestStepName { Asked, Accepted, Came, Applied }

/// <summary><see cref="Missing"/>: it should have happened by now, and still may. <see cref="Failed"/>: it will not.</summary>
public enum TestStepState { Done, Waiting, Missing, Failed }

/// <summary>One step of a test message.</summary>
/// <param name="Why">
/// Of a missing one: <c>held</c> (no request left), <c>in_doubt</c>, <c>never</c> (no receipt of the account ever came), <c>none_since</c> (none came since),
/// <c>others_came</c>. Of a failed one: <c>skipped</c>, <c>refused</c>, <c>called_off</c>.
/// </param>
public sealed record TestStep(TestStepName Name, TestStepState State, DateTimeOffset? At = null, string? Why = null);

/// <summary>Reads from a test message which of its steps are done, and what is missing after a minute.</summary>
public static class TestSteps
{
    /// <summary>How long a step may take before it counts as missing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Up to the first step that is not done.</summary>
    public static IReadOnlyList<TestStep> Of(TestRun run)
    {
        List<TestStep> steps = [new(TestStepName.Asked, TestStepState.Done, run.AskedAt), Accepted(run)];
        if (steps[^1].State == TestStepState.Done)
            steps.Add(Came(run));
        if (run.ReceivedAt is { } at)
            steps.Add(new(TestStepName.Applied, TestStepState.Done, run.LagMs is { } lag ? at.AddMilliseconds(lag) : null));
        return steps;
    }

    /// <summary>There is nothing more to wait for.</summary>
    public static bool IsOver(TestRun run) => Of(run)[^1] is { Name: TestStepName.Applied } or { State: TestStepState.Failed };

    private static TestStep Accepted(TestRun run) => run switch
    {
        // A receipt proves it, whatever the reply said.
        { AcceptedAt: not null } or { ReceivedAt: not null } => new(TestStepName.Accepted, TestStepState.Done, run.AcceptedAt),
        { Skip: not null } => new(TestStepName.Accepted, TestStepState.Failed, Why: "skipped"),
        { Batch: "refused" } => new(TestStepName.Accepted, TestStepState.Failed, Why: "refused"),
        { Batch: "in_doubt" } => new(TestStepName.Accepted, TestStepState.Missing, Why: "in_doubt"),
        { Batch: "cancelled" } => new(TestStepName.Accepted, TestStepState.Failed, Why: "called_off"),
        _ when run.Now - run.AskedAt >= Patience => new(TestStepName.Accepted, TestStepState.Missing, Why: "held"),
        _ => new(TestStepName.Accepted, TestStepState.Waiting),
    };

    private static TestStep Came(TestRun run) => run switch
    {
        { ReceivedAt: { } at } => new(TestStepName.Came, TestStepState.Done, at),
        _ when run.Now - run.AcceptedAt < Patience => new(TestStepName.Came, TestStepState.Waiting),
        { LastAt: null } => new(TestStepName.Came, TestStepState.Missing, Why: "never"),
        _ => new(TestStepName.Came, TestStepState.Missing, Why: run.LastAt > run.AskedAt ? "others_came" : "none_since"),
    };
}
