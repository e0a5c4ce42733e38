using Npgsql;
using Portal.Data;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.Benchmarks.Chaos;

/// <summary>What the portal's own books say of each number of a sending.</summary>
internal sealed class Books(Databases databases, Member owner, Guid sending)
{
    private const string Numbers = """
        select m.number, case when k.number is not null then 'skipped' else b.state end
        from app.messages m
        left join app.batches b on b.tenant_id = m.tenant_id and b.sending_id = m.sending_id and m.ordinal between b.first_ordinal and b.last_ordinal and b.state <> 'split'
        left join app.skips k on k.tenant_id = m.tenant_id and k.sending_id = m.sending_id and k.number = m.number
        where m.tenant_id = $1 and m.sending_id = $2
        """;

    /// <summary>The state of each number's batch, or <c>none</c>.</summary>
    public async Task<Dictionary<string, string>> StatesAsync(CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var command = connection.Sql(Numbers, owner.TenantId, sending);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var states = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
            states.Add(reader.GetString(0), reader.IsDBNull(1) ? "none" : reader.GetString(1));
        return states;
    }

    /// <summary>Batches that were accepted or refused.</summary>
    public Task<long> DoneAsync(CancellationToken ct) => BatchesAsync("accepted,refused", ct);

    /// <summary>When the first attempt under a later fence began; null: none has.</summary>
    public async Task<DateTime?> BeginsAfterAsync(long fence, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        return await connection.ScalarAsync<DateTime?>(ct, "select min(started_at) from app.attempts where tenant_id = $1 and sending_id = $2 and fence > $3", owner.TenantId, sending, fence);
    }

    /// <summary>Attempts of which the books say that nothing of them was sent: a number of each, and its time.</summary>
    public async Task<List<DeniedAttempt>> DeniedAsync(CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var command = connection.Sql("""
            select m.number, a.started_at, a.ended_at
            from app.attempts a join app.batches b on b.tenant_id = a.tenant_id and b.sending_id = a.sending_id and b.batch_no = a.batch_no
            join app.messages m on m.tenant_id = a.tenant_id and m.sending_id = a.sending_id and m.ordinal = b.first_ordinal
            where a.tenant_id = $1 and a.sending_id = $2 and a.state in ('not_sent', 'refused')
            """, owner.TenantId, sending);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var denied = new List<DeniedAttempt>();
        while (await reader.ReadAsync(ct))
            denied.Add(new DeniedAttempt(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<DateTimeOffset>(2)));
        return denied;
    }

    public Task<long> BatchesAsync(string states, CancellationToken ct) =>
        OneAsync<long>("select count(*) from app.batches where tenant_id = $1 and sending_id = $2 and state = any ($3)", ct, (object)states.Split(','));

    /// <summary>Attempts that have begun and have no outcome, as batch and attempt number.</summary>
    public async Task<string[]> OpenRequestsAsync(CancellationToken ct) =>
        await OneAsync<string[]>("select array(select batch_no || '/' || attempt_no from app.attempts where tenant_id = $1 and sending_id = $2 and state = 'dispatching')", ct);

    /// <summary>The figures that a page shows.</summary>
    public async Task<(int Messages, SendingCounts Counts)> ShownAsync(CancellationToken ct)
    {
        await using var db = new PortalDbFactory(databases).Create(owner.Scope);
        var row = await db.FindAsync<Sending>([owner.TenantId, sending], ct);
        return (row!.Messages, (await db.FindAsync<SendingCounts>([owner.TenantId, sending], ct))!);
    }

    private async Task<T> OneAsync<T>(string sql, CancellationToken ct, params object?[] more)
    {
        await using var connection = await OpenAsync(ct);
        return (await connection.ScalarAsync<T>(ct, sql, [owner.TenantId, sending, .. more]))!;
    }

    private Task<NpgsqlConnection> OpenAsync(CancellationToken ct) => databases.OpenAsync(DatabaseRole.Dispatch, owner.Scope, ct);
}

/// <summary>An attempt that is called not sent or refused.</summary>
internal sealed record DeniedAttempt(string Number, DateTimeOffset From, DateTimeOffset To);
