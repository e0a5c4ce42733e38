namespace Portal.Dispatch;

/// <summary>
/// The rules that keep a sending from a number, as SQL that preparing and reviewing share, so that both come to the same
/// answer. <c>$1</c> is the tenant; what is the same for everybody is asked once a statement.
/// </summary>
internal static class SkipRules
{
    /// <summary>The word of a <see cref="SkipReason"/>, or null, for contact <c>c</c> beside its suppression <c>s</c>.</summary>
    public const string Reason = """
        case when s.number is not null then 'suppressed'
             when not coalesce(c.country = any ((select app.allowed_countries($1))::text[]), c.number ~ (select app.allowed_codes($1))) then 'country'
             when (select exists (select from app.trials t where t.tenant_id = $1))
                  and not exists (select from app.own_numbers o where o.tenant_id = $1 and o.number = c.number) then 'trial' end
        """;

    /// <summary>
    /// Numbers that campaigns reached as often as the tenant allows within its days: accepted, or in doubt. A batch covers at
    /// most 1000 ordinals, so few are looked at for each message; the limit keeps the planner from joining them all.
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
        group by m.number, t.frequency_most having count(*) >= t.frequency_most
        """;
}
