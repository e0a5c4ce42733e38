using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Sms.Numbers;

namespace Portal.Tenants;

/// <summary>
/// Says when campaigns do not write to people (role Manager). Counts from the next request on: who waits for the end of the old
/// hours is looked at again at once. Problems at <c>Countries</c>: <c>country_unknown</c>, <c>country_twice</c>; at <c>From</c> and
/// <c>To</c> with the rule's country behind: <c>time_missing</c>, <c>time_same</c>; at <c>To…</c>: <c>always_quiet</c> with a country
/// in which it would be quiet on one clock or another at every hour.
/// </summary>
public sealed class ChangeQuietHours(PortalDbFactory dbs, TimeProvider clock)
{
    /// <param name="rules">All of them; none: it is never quiet.</param>
    public async Task<Result<Guid>> RunAsync(Member member, IReadOnlyList<QuietRule> rules, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        List<Problem> problems = [.. Check(rules)];
        if (problems.Count > 0)
            return problems;
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var settings = await db.LockSettingsAsync(ct);
        var before = await QuietRules.ReadAsync(db, ct);
        List<QuietRule> after = [.. rules.OrderBy(r => r.Country, StringComparer.Ordinal).Select(r => r.None ? new(r.Country, null, null, None: true) : r)];
        if (before.SequenceEqual(after))
            return member.TenantId;
        await db.Set<QuietHours>().ExecuteDeleteAsync(ct);
        db.AddRange(after.Select(r => new QuietHours { TenantId = member.TenantId, Country = r.Country, FromMinute = Minute(r.From), ToMinute = Minute(r.To) }));
        db.Add(member.Changed(AuditActions.QuietHoursChanged, clock.GetUtcNow(), Text(before), Text(after)));
        await db.SaveChangesAsync(ct);
        problems.AddRange(await AlwaysAsync(db, [settings.Country, .. settings.ExtraCountries], after, ct));
        if (problems.Count > 0)
            return problems;
        await db.Database.ExecuteSqlAsync($"""
            update app.batches set not_before = '-infinity', why = null, changed_at = clock_timestamp()
            where tenant_id = {member.TenantId} and state = 'planned' and why like 'quiet:%' and not_before < 'infinity'
            """, ct);
        await transaction.CommitAsync(ct);
        return member.TenantId;
    }

    private static IEnumerable<Problem> Check(IReadOnlyList<QuietRule> rules)
    {
        foreach (var unknown in rules.Where(r => r.Country.Length > 0 && !PhoneNumbers.Regions.Contains(r.Country, StringComparer.Ordinal)))
            yield return new Problem("Countries", "country_unknown", unknown.Country);
        if (rules.DistinctBy(r => r.Country).Count() < rules.Count)
            yield return new Problem("Countries", "country_twice");
        foreach (var rule in rules.Where(r => !r.None))
        {
            if (rule.From is null)
                yield return new Problem("From" + rule.Country, "time_missing");
            if (rule.To is null)
                yield return new Problem("To" + rule.Country, "time_missing");
            else if (rule.To == rule.From)
                yield return new Problem("To" + rule.Country, "time_same");
        }
    }

    // By the rows as they are now: a country with many clocks can be left without any hour, however short the night.
    private static async Task<IEnumerable<Problem>> AlwaysAsync(PortalDb db, string[] countries, List<QuietRule> rules, CancellationToken ct)
    {
        string[] asked = [.. countries.Concat(rules.Select(r => r.Country)).Where(c => c.Length > 0).Distinct(StringComparer.Ordinal)];
        var always = await db.Database.SqlQuery<string>($"""
            select c as "Value" from unnest({asked}) c where app.quiet_until(app.current_tenant(), c, now()) >= now() + interval '14 days'
            """).ToListAsync(ct);
        return always.Select(c => new Problem("To" + (rules.Exists(r => r.Country == c) ? c : ""), "always_quiet", c));
    }

    private static short? Minute(TimeOnly? time) => time is { } some ? (short)(some.Hour * 60 + some.Minute) : null;

    private static string Text(IEnumerable<QuietRule> rules) => string.Join(", ", rules.Select(r =>
        string.Create(CultureInfo.InvariantCulture, $"{(r.Country.Length > 0 ? r.Country : "*")} {(r.None ? "never" : $"{r.From:HH:mm}-{r.To:HH:mm}")}")));
}
