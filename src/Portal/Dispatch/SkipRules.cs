using Portal.Data;

namespace Portal.Dispatch;

/// <summary>Why somebody of the audience gets nothing, as SQL. A rule is a line in <see cref="SkipRules"/>.</summary>
/// <param name="Predicate">True for those who are left out; never null. Sees the person as <c>p.number</c>, and what is joined.</param>
/// <param name="Join">A left join that the predicate needs, at most one row a person: a join costs less than a subquery for each.</param>
internal sealed record SkipRule(SkipReason Reason, string Predicate, string Join = "");

/// <summary>
/// The one place where a person gets a reason to be skipped while a sending is prepared; the first rule that fits gives it.
/// Rules see $1, the tenant; $2, the sending; and $3 and $4: the people at hand have numbers above $3 and up to $4.
/// </summary>
internal static class SkipRules
{
    /// <summary>Rules for every sending to lists.</summary>
    public static readonly IReadOnlyList<SkipRule> Everybody =
    [
        new(SkipReason.Suppressed, "s.number is not null",
            "left join app.suppressions s on s.tenant_id = $1 and s.number = p.number and s.number > $3 and s.number <= $4"),
    ];

    public static string Joins(IEnumerable<SkipRule> rules) => string.Join('\n', rules.Select(r => r.Join));

    /// <summary>An expression: the reason's word, or null for those who are written to.</summary>
    public static string Reason(IEnumerable<SkipRule> rules) =>
        $"case {string.Join(' ', rules.Select(r => $"when {r.Predicate} then '{Words.Of(r.Reason)}'"))} end";
}
