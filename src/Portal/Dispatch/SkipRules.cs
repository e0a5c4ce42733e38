namespace Portal.Dispatch;

/// <summary>
/// The rules that keep a sending from a number, as SQL that preparing and reviewing share, so that both come to the same
/// answer. <c>$1</c> is the tenant; what is the same for everybody is asked once a statement.
/// </summary>
internal static class SkipRules
{
    /// <summary>For <see cref="Capped"/>, where the people at hand have numbers above <c>$3</c> and up to <c>$4</c>.</summary>
    public const string Range = "and m.number > $3 and m.number <= $4";

    /// <summary>What <see cref="ReasonAndCap"/> needs beside contact <c>c</c>: at most one row each. A join costs less than a subquery for each.</summary>
    public const string Joins = """
        left join app.suppressions s on s.tenant_id = $1 and s.number = c.number and s.number > $3 and s.number <= $4
        left join capped f on f.number = c.number
        """;

    /// <summary>The rules of <see cref="Reason"/>, then the frequency cap, with <see cref="Capped"/> as <c>capped f</c>.</summary>
    public const string ReasonAndCap = $"coalesce({Reason}, case when f.number is not null then 'frequency' end)";

    /// <summary>The word of a <see cref="SkipReason"/>, or null, for contact <c>c</c> beside its suppression <c>s</c>.</summary>
    public const string Reason = """
        case when s.number is not null then 'suppressed'
             when c.number !~ (select app.sure_codes($1))
                  and not coalesce(c.country = any ((select app.allowed_countries($1))::text[]), c.number ~ (select app.allowed_codes($1))) then 'country'
             when (select exists (select from app.trials t where t.tenant_id = $1))
                  and not exists (select from app.own_numbers o where o.tenant_id = $1 and o.number = c.number) then 'trial' end
        """;

    /// <summary>
    /// Numbers that campaigns reached as often as the tenant allows within its days: accepted, or in doubt. A batch covers at
    /// most 1000 ordinals, so few are looked at for each message; the limit keeps the planner from joining them all, the last
    /// condition is asked once, before anything is read.
    /// </summary>
    /// <param name="range">Further conditions on message <c>m</c>, beginning with <c>and</c>: which numbers matter.</param>
    public static string Capped(string range) => $"""
        select m.number
        from app.tenant_settings t
        join app.sendings z on z.tenant_id = $1 and z.kind = 'campaign' and (z.finished_at is null or z.finished_at > now() - make_interval(days => t.frequency_days))
        join app.messages m on m.tenant_id = $1 and m.month = z.month and m.sending_id = z.id {range}
        cross join lateral (
            select from app.batches x
            where x.tenant_id = $1 and x.sending_id = z.id and x.state in ('accepted', 'in_doubt')
              and x.last_ordinal between m.ordinal and m.ordinal + 999 and x.first_ordinal <= m.ordinal
              and x.changed_at > now() - make_interval(days => t.frequency_days)
            order by x.last_ordinal limit 1) b
        where t.tenant_id = $1 and t.frequency_most is not null
          and (select o.frequency_most is not null from app.tenant_settings o where o.tenant_id = $1)
        group by m.number, t.frequency_most having count(*) >= t.frequency_most
        """;
}
