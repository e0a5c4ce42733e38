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
/// any point, run again, and run twice at once; requests start with the first chunk. A personalised text is ordered by
/// text and therefore prepared whole, in one transaction.
/// </summary>
public sealed class PrepareSending(Databases databases, LiveFeed live, IOptions<DispatchOptions> options, TimeProvider clock, ILogger<PrepareSending> log)
{
    /// <summary>Works until the sending is prepared, is called off, or somebody else is at it.</summary>
    public async Task RunAsync(TenantScope scope, Guid sendingId, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        while (await ChunkAsync(connection, scope, sendingId, ct))
            live.Publish(scope.TenantId, sendingId);
        live.Publish(scope.TenantId, sendingId);
    }

    private async Task<bool> ChunkAsync(NpgsqlConnection connection, TenantScope scope, Guid sendingId, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Locks the row: two workers take turns, chunk by chunk.
        if (await ReadAsync(connection, scope, sendingId, ct) is not { } work)
            return false;
        var chunk = await MakeAsync(connection, work, ct);
        await connection.RunAsync(ct, """
            update app.sendings set messages = messages + $3, batches = batches + $4, prepared_to = coalesce($5, prepared_to),
                   prepared_at = case when $6 then $7 end, state = case when state = 'preparing' then 'running' else state end
            where tenant_id = $1 and id = $2
            """, scope.TenantId, sendingId, chunk.Messages, chunk.Batches, chunk.LastNumber, chunk.Last, clock.GetUtcNow());
        if (chunk.Skipped > 0)
            await connection.RunAsync(ct, "update app.sending_counts set skipped = skipped + $3 where tenant_id = $1 and sending_id = $2", scope.TenantId, sendingId, chunk.Skipped);
        await transaction.CommitAsync(ct);
        if (chunk.Last)
            DispatchLog.Prepared(log, sendingId, work.Messages + chunk.Messages, work.Batches + chunk.Batches, chunk.Skipped);
        return !chunk.Last;
    }

    private Task<PrepareChunk> MakeAsync(NpgsqlConnection connection, PrepareWork work, CancellationToken ct)
    {
        // A test goes out as it was typed, braces and all.
        if (work.Number is not null)
            return PrepareSql.OneNumberAsync(connection, work, ct);
        var template = TemplateText.Parse(work.Text).Value;
        return template.Fields.Count > 0
            ? PrepareSql.PersonalisedAsync(connection, work, template, ct)
            : PrepareSql.SameTextAsync(connection, work, options.Value.ChunkSize, ct);
    }

    private static async Task<PrepareWork?> ReadAsync(NpgsqlConnection connection, TenantScope scope, Guid sendingId, CancellationToken ct)
    {
        await using var command = connection.Sql("""
            select account_id, month, text, list_ids, number, batch_size, coalesce(prepared_to, ''), messages, batches
            from app.sendings
            where tenant_id = $1 and id = $2 and prepared_at is null and state in ('preparing', 'running', 'paused', 'stopped')
            for update skip locked
            """, scope.TenantId, sendingId);
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
            return null;
        return new PrepareWork(scope.TenantId, sendingId, reader.GetGuid(0), reader.GetFieldValue<DateOnly>(1), reader.GetString(2),
            reader.GetFieldValue<Guid[]>(3), reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetInt32(5), reader.GetString(6), reader.GetInt32(7), reader.GetInt32(8));
    }
}

/// <summary>A sending as its row stands before a chunk.</summary>
internal sealed record PrepareWork(Guid TenantId, Guid SendingId, Guid AccountId, DateOnly Month, string Text, Guid[] ListIds, string? Number,
    int BatchSize, string PreparedTo, int Messages, int Batches);

/// <summary>What a chunk made. <paramref name="Last"/>: the audience is at its end.</summary>
internal sealed record PrepareChunk(int Messages, int Batches, int Skipped, string? LastNumber, bool Last);
