using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Audit;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// Takes away what tenants keep no longer, in small transactions: whose time is over is asked in each of them anew. One instance at a
/// time; cut short it goes on at the next look.
/// </summary>
internal sealed class ClearExpired(Databases databases, PortalDbFactory dbs, TimeProvider clock, ILogger<ClearExpired> log) : BackgroundService
{
    private const int AtOnce = 100;
    private const int Piece = 5000;
    private const int Contacts = 500;
    private const long Lock = 0xc1ea5;

    private static readonly TimeSpan _every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // One that gets out of here would stop the whole portal.
                DispatchLog.ClearFailed(log, e);
            }
        }
    }

    /// <summary>Everything that is over now.</summary>
    internal async Task SweepAsync(CancellationToken ct)
    {
        await using var guard = await databases[DatabaseRole.Dispatch].OpenConnectionAsync(ct);
        if (!await guard.ScalarAsync<bool>(ct, $"select pg_try_advisory_lock({Lock})"))
            return;
        try
        {
            var cleared = new Dictionary<Guid, Cleared>();
            try
            {
                while (await SendingsAsync(guard, cleared, ct))
                    ct.ThrowIfCancellationRequested();
                foreach (var tenant in await TenantsAsync(guard, ct))
                    await ContactsAsync(guard, tenant, Of(cleared, tenant), ct);
            }
            finally
            {
                // Also of a look that was cut short: what went is gone.
                foreach (var (tenant, sum) in cleared.Where(c => c.Value.Any))
                    await NoteAsync(tenant, sum, CancellationToken.None);
            }
        }
        finally
        {
            await guard.ScalarAsync<bool>(CancellationToken.None, $"select pg_advisory_unlock({Lock})");
        }
    }

    private static Cleared Of(Dictionary<Guid, Cleared> cleared, Guid tenant) =>
        cleared.TryGetValue(tenant, out var sum) ? sum : cleared[tenant] = new();

    private static async Task<bool> SendingsAsync(NpgsqlConnection connection, Dictionary<Guid, Cleared> cleared, CancellationToken ct)
    {
        var due = new List<(Guid Tenant, Guid Sending, bool Messages)>();
        await using (var command = connection.Sql($"select tenant_id, sending_id, messages from infra.expired_sendings({AtOnce})"))
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                due.Add((reader.GetGuid(0), reader.GetGuid(1), reader.GetBoolean(2)));
        }
        foreach (var (tenant, sending, messages) in due)
        {
            while (await PieceAsync(connection, tenant, sending, messages, Of(cleared, tenant), ct))
                ct.ThrowIfCancellationRequested();
        }
        return due.Count >= AtOnce;
    }

    private static async Task<bool> PieceAsync(NpgsqlConnection connection, Guid tenant, Guid sending, bool messages, Cleared sum, CancellationToken ct)
    {
        await using var command = connection.Sql($"select what, gone from infra.clear_sending($1, $2, $3, {Piece})", tenant, sending, messages);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        if (reader.IsDBNull(0))
            return false;
        sum.Add(reader.GetString(0), reader.GetInt64(1));
        return true;
    }

    private static async Task<List<Guid>> TenantsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var tenants = new List<Guid>();
        await using var command = connection.Sql("select tenant_id from infra.contact_keepers()");
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            tenants.Add(reader.GetGuid(0));
        return tenants;
    }

    private static async Task ContactsAsync(NpgsqlConnection connection, Guid tenant, Cleared sum, CancellationToken ct)
    {
        for (Guid? after = Guid.Empty; after is not null;)
        {
            await using var command = connection.Sql($"select gone, last from infra.clear_contacts($1, $2, {Contacts})", tenant, after);
            await using var reader = await command.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            sum.Add("contacts", reader.GetInt64(0));
            after = reader.IsDBNull(1) ? null : reader.GetGuid(1);
        }
    }

    private async Task NoteAsync(Guid tenant, Cleared sum, CancellationToken ct)
    {
        await using var db = dbs.Create(new(tenant), DatabaseRole.Dispatch);
        db.Add(new AuditEntry
        {
            TenantId = tenant,
            SubjectId = tenant,
            Action = AuditActions.DataCleared,
            At = clock.GetUtcNow(),
            Details = [Number(sum.Messages), Number(sum.Receipts), Number(sum.Contacts)],
        });
        await db.SaveChangesAsync(ct);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed class Cleared
    {
        public long Messages { get; private set; }

        public long Receipts { get; private set; }

        public long Contacts { get; private set; }

        public bool Any => Messages + Receipts + Contacts > 0;

        public void Add(string what, long rows)
        {
            (Messages, Receipts, Contacts) = what switch
            {
                "messages" => (Messages + rows, Receipts, Contacts),
                "receipts" => (Messages, Receipts + rows, Contacts),
                "contacts" => (Messages, Receipts, Contacts + rows),
                _ => (Messages, Receipts, Contacts),
            };
        }
    }
}
