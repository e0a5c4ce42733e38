using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data;
using Portal.Vault;

namespace Portal.Receipts;

/// <summary>
/// Keeps receipts that match nothing, sealed, and brings them back after 2 seconds, a minute, then every hour: the reply
/// that knows their taskid may be on its way, or their account may be added.
/// </summary>
internal sealed class ParkReceipts(Databases databases, Vault.Vault vault, IOptions<ReceiptsOptions> options, ILogger<ParkReceipts> log)
{
    private const string Purpose = "parked-receipts";

    /// <summary>Moves one from the inbox to the parking place.</summary>
    public async Task ParkAsync(ReadReceipt receipt, CancellationToken ct)
    {
        var sealedBody = await vault.SealSystemAsync(Purpose, receipt.Stored.Body, ct);
        await using var connection = await databases[DatabaseRole.Applier].OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!(await ReceiptPlace.Inbox.LockAsync(connection, [receipt.Stored.Id], ct)).Contains(receipt.Stored.Id))
            return;
        await using (var command = new NpgsqlCommand("""
            insert into infra.parked_receipts (id, received_at, reason, tenant_id, account_id, sealed, tries, next_at)
            values ($1, $2, $3, $4, $5, $6, 0, clock_timestamp() + interval '2 seconds')
            """, connection))
        {
            var owner = receipt.Accounts is [var only] ? only : null;
            foreach (var value in (object?[])[receipt.Stored.Id, receipt.Stored.ReceivedAt, receipt.ParkedReason, owner?.TenantId, owner?.AccountId, sealedBody])
                command.Parameters.Add(new() { Value = value ?? DBNull.Value });
            await command.ExecuteNonQueryAsync(ct);
        }
        await ReceiptPlace.Inbox.RemoveAsync(connection, [receipt.Stored.Id], ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Parked receipts whose time has come; their next time is set at once, so that another instance does not take them too.</summary>
    public async Task<List<StoredReceipt>> TakeDueAsync(CancellationToken ct)
    {
        var rows = new List<(long Id, DateTimeOffset ReceivedAt, byte[] Sealed, int Tries)>();
        await using (var command = databases[DatabaseRole.Applier].CreateCommand("""
            with due as (
                select id from infra.parked_receipts where next_at <= clock_timestamp() order by next_at limit $1 for update skip locked)
            update infra.parked_receipts p
            set tries = tries + 1, next_at = clock_timestamp() + case when tries = 0 then interval '1 minute' else interval '1 hour' end
            from due where p.id = due.id
            returning p.id, p.received_at, p.sealed, p.tries
            """))
        {
            command.Parameters.Add(new() { Value = options.Value.Group });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                rows.Add((reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<byte[]>(2), reader.GetInt32(3)));
        }
        var due = new List<StoredReceipt>(rows.Count);
        foreach (var row in rows)
        {
            if (await OpenAsync(row.Sealed, ct) is { } body)
                due.Add(new StoredReceipt(row.Id, row.ReceivedAt, body, row.Tries));
        }
        return due;
    }

    /// <summary>What nobody claimed in time is dropped.</summary>
    public async Task DropOldAsync(CancellationToken ct)
    {
        await using var command = databases[DatabaseRole.Applier].CreateCommand("delete from infra.parked_receipts where received_at < clock_timestamp() - $1");
        command.Parameters.Add(new() { Value = TimeSpan.FromHours(options.Value.ParkedHours) });
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<byte[]?> OpenAsync(byte[] sealedBody, CancellationToken ct)
    {
        try
        {
            using var opened = await vault.OpenSystemAsync(Purpose, sealedBody, ct);
            return opened.Bytes.ToArray();
        }
        catch (VaultException e)
        {
            ReceiptsLog.DoesNotOpen(log, e.Error);
            return null;
        }
    }
}
