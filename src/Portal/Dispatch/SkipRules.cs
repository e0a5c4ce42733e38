namespace Portal.Dispatch;

/// <summary>
/// The one place where a person gets a reason to be skipped while a sending is prepared, as SQL. Sees <c>$1</c>, the tenant, and
/// the person as <c>p.number</c>; the people at hand have numbers above <c>$3</c> and up to <c>$4</c>.
/// </summary>
internal static class SkipRules
{
    /// <summary>What <see cref="Reason"/> needs beside a person: at most one row each. A join costs less than a subquery for each.</summary>
    public const string Joins = "left join app.suppressions s on s.tenant_id = $1 and s.number = p.number and s.number > $3 and s.number <= $4";

    /// <summary>The word of a <see cref="SkipReason"/>, or null for those who are written to. The first rule that fits gives it.</summary>
    public const string Reason = "case when s.number is not null then 'suppressed' end";
}
