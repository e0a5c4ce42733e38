namespace Portal.Campaigns;

/// <summary>When a schedule runs, as it is typed and kept.</summary>
/// <param name="Rule">As <see cref="RecurrenceText"/> writes it; unfinished in a draft.</param>
/// <param name="From">The first day.</param>
/// <param name="Until">The last day, itself included; null for no end.</param>
/// <param name="Within">A run that could not start within so many minutes is not started, but asked about; null: however late.</param>
public sealed record RepeatInput(string Rule, DateOnly? From, DateOnly? Until, int? Within);

/// <summary>A rule between two days in a zone: the runs as instants, each once, however the clocks are changed.</summary>
public sealed class RepeatPlan
{
    /// <summary>As many runs as are shown before they are confirmed.</summary>
    public const int Shown = 5;

    private const int MostYearsAhead = 5;

    // No clock was ever moved further.
    private static readonly TimeSpan _longestGap = TimeSpan.FromDays(1);

    private readonly DateOnly _from;
    private readonly DateOnly? _until;
    private readonly TimeZoneInfo _zone;

    private RepeatPlan(Recurrence rule, DateOnly from, DateOnly? until, TimeZoneInfo zone) => (Rule, _from, _until, _zone) = (rule, from, until, zone);

    public Recurrence Rule { get; }

    /// <summary>
    /// Reads what was typed. Problems as <see cref="RecurrenceText.Read"/>, <c>zone_unknown</c> at <c>RepeatKind</c>,
    /// <c>from_missing</c>, <c>from_far</c> at <c>RepeatFrom</c>, <c>until_early</c> at <c>RepeatUntil</c>,
    /// <c>within_bad</c> at <c>RepeatWithin</c>; <c>rule_never</c> at <c>RepeatKind</c> when no run is left.
    /// </summary>
    public static Result<RepeatPlan> Read(RepeatInput input, string zone, DateTimeOffset now)
    {
        List<Problem> problems = [];
        var rule = RecurrenceText.Read(input.Rule);
        problems.AddRange(rule.Problems);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            problems.Add(new Problem("RepeatKind", "zone_unknown", zone));
        if (input.From is not { } from)
            problems.Add(new Problem("RepeatFrom", "from_missing"));
        else if (from.Year > now.Year + MostYearsAhead)
            problems.Add(new Problem("RepeatFrom", "from_far", MostYearsAhead));
        if (input.Until < input.From)
            problems.Add(new Problem("RepeatUntil", "until_early"));
        if (input.Within < 1)
            problems.Add(new Problem("RepeatWithin", "within_bad"));
        if (problems.Count > 0)
            return problems;
        var plan = new RepeatPlan(rule.Value, input.From!.Value, input.Until, found!);
        return plan.After(now).Any() ? plan : new Problem("RepeatKind", "rule_never");
    }

    /// <summary>The plan of a row, which was read before it was kept.</summary>
    internal static RepeatPlan Of(Schedule schedule) => new(
        RecurrenceText.Read(schedule.Rule).Value, schedule.StartsOn, schedule.EndsOn, TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone));

    /// <summary>The runs later than an instant, without end where there is none.</summary>
    public IEnumerable<Occurrence> After(DateTimeOffset instant)
    {
        var wall = TimeZoneInfo.ConvertTime(instant, _zone).DateTime;
        return Runs(wall > DateTime.MinValue + _longestGap ? wall - _longestGap : wall).SkipWhile(o => o.At <= instant);
    }

    /// <summary>The runs from one that is known on, itself included.</summary>
    public IEnumerable<Occurrence> Since(DateTime wall) => Runs(wall - _longestGap).SkipWhile(o => o.Wall < wall);

    private IEnumerable<Occurrence> Runs(DateTime from)
    {
        var last = DateTimeOffset.MinValue;
        foreach (var wall in Rule.Times(_from, from))
        {
            if (DateOnly.FromDateTime(wall) > _until)
                yield break;
            var run = Occurrence.Of(wall, _zone);
            // Several times within one gap all fall on its end: that is one run.
            if (run.At <= last)
                continue;
            last = run.At;
            yield return run;
        }
    }
}
