using Npgsql;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Dispatch;

/// <summary>What the provider answered, or why nobody knows.</summary>
/// <param name="Code">The provider's code, else our word for why it is in doubt.</param>
public sealed record AccountError(string Code, long Requests, DateTimeOffset LastAt);

/// <summary>What went over an account lately.</summary>
/// <param name="BusiestSecond">The most requests that ended in one second of the last minute.</param>
/// <param name="LastMinute">Requests that ended in the last minute.</param>
/// <param name="Errors">Refusals and doubts of the last 7 days, newest first, each code once.</param>
public sealed record Traffic(int BusiestSecond, int LastMinute, IReadOnlyList<AccountError> Errors);

/// <summary>Reads what went over an account lately (role Viewer).</summary>
public sealed class AccountTraffic(Databases databases)
{
    private const string Minute = """
        select coalesce(max(n), 0)::int, coalesce(sum(n), 0)::int
        from (select count(*) n from app.batches
              where tenant_id = $1 and account_id = $2 and changed_at > clock_timestamp() - interval '1 minute' and state in ('accepted', 'refused', 'in_doubt')
              group by date_trunc('second', changed_at)) s
        """;

    private const string Errors = """
        select coalesce(code, why, state), count(*), max(started_at) from app.attempts
        where tenant_id = $1 and account_id = $2 and state in ('in_doubt', 'refused') and started_at > clock_timestamp() - interval '7 days'
        group by 1 order by 3 desc limit 5
        """;

    public async Task<Traffic> RunAsync(Member member, Guid accountId, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        var (busiest, last) = (0, 0);
        await using (var command = connection.Sql(Minute, member.TenantId, accountId))
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            if (await reader.ReadAsync(ct))
                (busiest, last) = (reader.GetInt32(0), reader.GetInt32(1));
        }
        return new(busiest, last, await ErrorsAsync(connection, member.TenantId, accountId, ct));
    }

    private static async Task<IReadOnlyList<AccountError>> ErrorsAsync(NpgsqlConnection connection, Guid tenantId, Guid accountId, CancellationToken ct)
    {
        await using var command = connection.Sql(Errors, tenantId, accountId);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var errors = new List<AccountError>();
        while (await reader.ReadAsync(ct))
            errors.Add(new(reader.GetString(0), reader.GetInt64(1), await reader.GetFieldValueAsync<DateTimeOffset>(2, ct)));
        return errors;
    }
}
