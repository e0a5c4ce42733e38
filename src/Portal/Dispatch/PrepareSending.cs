using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data;
using Portal.Live;
using Portal.Templates;

namespace Portal.Dispatch;

/// <summary>
/// Makes a sending's messages and batches from its audience, in PostgreSQL. A text that is the same for everybody goes
/// in chunks, each a transaction that moves the watermark (<see cref="Sending.PreparedTo"/>), so that it can be killed at
/// any point, run again, and run twice at once; requests start with the first chunk unless the sending has a
/// <see cref="Sending.Canary"/> or must not outgrow <see cref="Sending.MostMessages"/>. A personalised text is ordered by text and therefore prepared in one transaction.
/// What stands prepared for a while makes way for other tenants' requests.
/// </summary>
public sealed class PrepareSending(Databases databases, LiveFeed live, IOptions<DispatchOptions> options, TimeProvider clock, ILogger<PrepareSending> log)
{
    // With so many seconds of requests prepared, others' requests come first: it rests twice as long as it works, but never until
    // its own have nothing left.
    private const int SecondsAhead = 5;
    private const int Rest = 2;
    private static readonly TimeSpan _longestRest = TimeSpan.FromSeconds(1);

    /// <summary>Works until the sending is prepared, is called off, or somebody else is at it.</summary>
    public async Task RunAsync(TenantScope scope, Guid sendingId, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var ahead = new PrepareAhead(databases, scope, options.Value.ChunkSize, ct);
        var began = clock.GetTimestamp();
        while (await ChunkAsync(connection, ahead, scope, sendingId, ct))
        {
            live.Publish(scope.TenantId, sendingId);
            ahead.MakesWay = await MakesWayAsync(connection, scope, sendingId, ct);
            if (ahead.MakesWay)
                await Task.Delay(TimeSpan.FromTicks(Math.Min(clock.GetElapsedTime(began).Ticks * Rest, _longestRest.Ticks)), clock, ct);
            began = clock.GetTimestamp();
        }
        live.Publish(scope.TenantId, sendingId);
    }

    // The requests of a canary, or of a sending with a bound, begin only when all is prepared: nothing stands prepared for them.
    private static Task<bool> MakesWayAsync(NpgsqlConnection connection, TenantScope scope, Guid sendingId, CancellationToken ct) =>
        connection.ScalarAsync<bool>(ct, """
            select case when infra.others_send($1) then exists (
                select from app.sendings s
                join app.accounts a on a.tenant_id = s.tenant_id and a.id = s.account_id
                join app.batches b on b.tenant_id = s.tenant_id and b.sending_id = s.id and b.batch_no = s.batches - a.rate * $3
                where s.tenant_id = $1 and s.id = $2 and s.state <> 'preparing' and b.state || '' = 'planned') end
            """, scope.TenantId, sendingId, SecondsAhead);

    private async Task<bool> ChunkAsync(NpgsqlConnection connection, PrepareAhead ahead, TenantScope scope, Guid sendingId, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await LockAsync(connection, sendingId, ct) || await ReadAsync(connection, scope, sendingId, ct) is not { } work)
            return false;
        var chunk = await MakeAsync(connection, ahead, work, ct);
        if (await PrepareSql.EnterAsync(connection, work, chunk, clock.GetUtcNow(), ct) is not { } firstBatch)
            return false;
        // It came to more messages than it may.
        if (chunk.Last)
            await CancelSql.LeftoversAsync(connection, scope.TenantId, sendingId, ct);
        await transaction.CommitAsync(ct);
        if (chunk.Last)
            DispatchLog.Prepared(log, sendingId, work.Messages + chunk.Messages, firstBatch + chunk.Batches, chunk.Skipped);
        return !chunk.Last;
    }

    // Two workers never do the same chunk. Not by the sending's row: every attempt that begins locks that one, and requests
    // go out while the next chunk is made. Sorting on disk and compiling a plan cost more here than they give. The commit need not
    // wait for the disk: the commit of an attempt that begins on a batch does, and takes this one with it. What is read ahead
    // may be waited for, as long as it takes.
    private static Task<bool> LockAsync(NpgsqlConnection connection, Guid sendingId, CancellationToken ct) =>
        connection.ScalarAsync<bool>(ct, """
            select pg_try_advisory_xact_lock(hashtextextended('prepare ' || $1::text, 0)), set_config('work_mem', '128MB', true), set_config('jit', 'off', true), set_config('synchronous_commit', 'off', true),
                   set_config('idle_in_transaction_session_timeout', '0', true)
            """, sendingId);

    private static async Task<PrepareChunk> MakeAsync(NpgsqlConnection connection, PrepareAhead ahead, PrepareWork work, CancellationToken ct)
    {
        // A test goes out as it was typed, braces and all.
        if (work.Number is not null)
            return PrepareChunk.Of(work, new PreparePeople([long.Parse(work.Number, CultureInfo.InvariantCulture)], [], [], atEnd: true));
        var template = TemplateText.Parse(work.Text).Value;
        return template.Fields.Count > 0 ? await PreparePersonalised.RunAsync(connection, work, template, ct) : PrepareChunk.Of(work, await ahead.TakeAsync(work));
    }

    private static async Task<PrepareWork?> ReadAsync(NpgsqlConnection connection, TenantScope scope, Guid sendingId, CancellationToken ct)
    {
        await using var command = connection.Sql("""
            select account_id, month, text, list_ids, number, batch_size, coalesce(prepared_to, ''), messages, coalesce(canary, 0)
            from app.sendings
            where tenant_id = $1 and id = $2 and prepared_at is null and state in ('preparing', 'running', 'paused', 'stopped')
            """, scope.TenantId, sendingId);
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
            return null;
        return new PrepareWork(scope.TenantId, sendingId, reader.GetGuid(0), reader.GetFieldValue<DateOnly>(1), reader.GetString(2),
            reader.GetFieldValue<Guid[]>(3), reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetInt32(5), reader.GetString(6), reader.GetInt32(7), reader.GetInt32(8));
    }
}

/// <summary>A sending as its row stands before a chunk.</summary>
/// <param name="Canary">Messages that go first, alone; zero: no canary.</param>
internal sealed record PrepareWork(Guid TenantId, Guid SendingId, Guid AccountId, DateOnly Month, string Text, Guid[] ListIds, string? Number,
    int BatchSize, string PreparedTo, int Messages, int Canary);

/// <summary>A chunk that may be entered.</summary>
/// <param name="People">Whose messages, skips and batches are still to be made; null: they stand in the database.</param>
/// <param name="LastNumber">The watermark after it; null leaves it.</param>
/// <param name="Last">The audience is at its end.</param>
internal sealed record PrepareChunk(int Messages, int Batches, int Skipped, PreparePeople? People, string? LastNumber, bool Last)
{
    /// <summary>Where <see cref="People"/> are cut into batches.</summary>
    public BatchRanges Cut { get; private init; } = new([], []);

    public static PrepareChunk Of(PrepareWork work, PreparePeople people)
    {
        var cut = BatchCut.Ranges(work.Messages, work.Messages + people.Numbers.Length, work.BatchSize, work.Canary);
        return new PrepareChunk(people.Numbers.Length, cut.First.Length, people.Skipped.Length, people, people.Last, people.AtEnd) { Cut = cut };
    }
}
