using Npgsql;
using Portal.Data;

namespace Portal.Members;

/// <param name="Month">Its first day; days are those of the tenant's zone.</param>
/// <param name="Messages">Handed to the provider, and not given back because nothing left.</param>
/// <param name="Segments">Billed parts as we count them.</param>
/// <param name="Accounts">That sent something.</param>
public sealed record UsageRow(DateOnly Month, Guid TenantId, string Slug, string Name, long Messages, long Segments, long Accounts);

/// <summary>What tenants sent, by month, newest first: for operators.</summary>
public sealed class UsageList(Databases databases)
{
    private const string Sql = """
        select date_trunc('month', u.day::timestamp)::date as month, t.id, t.slug, t.name, sum(u.messages)::bigint, sum(u.segments)::bigint,
               count(distinct u.account_id)
        from app.usage u join ident.tenants t on t.id = u.tenant_id
        where u.day >= $1 and u.day < $2
        group by 1, t.id, t.slug, t.name
        having sum(u.messages) <> 0 or sum(u.segments) <> 0
        order by 1 desc, lower(t.name), t.slug
        """;

    /// <param name="from">The first month.</param>
    /// <param name="to">The last month.</param>
    public async Task<IReadOnlyList<UsageRow>> RunAsync(Operator by, DateOnly from, DateOnly to, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var command = databases[DatabaseRole.Operator].CreateCommand(Sql);
        command.Parameters.Add(new() { Value = First(from) });
        command.Parameters.Add(new() { Value = First(to).AddMonths(1) });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<UsageRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(new(await reader.GetFieldValueAsync<DateOnly>(0, ct), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6)));
        return rows;
    }

    private static DateOnly First(DateOnly day) => new(day.Year, day.Month, 1);
}
