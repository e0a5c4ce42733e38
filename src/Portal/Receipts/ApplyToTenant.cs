using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data;
using Portal.Live;

namespace Portal.Receipts;

/// <summary>
/// Applies receipts as one tenant: matches them to messages by account, taskid and number, writes them, moves the counters by
/// what changed, and takes them out of where they waited, in one transaction. A receipt moves its own message forward and does
/// nothing else; applied again it changes nothing.
/// </summary>
internal sealed class ApplyToTenant(Databases databases, MatchRows match, ApplyToOpen open, FirstReceipts firsts, LiveFeed live, IOptions<ReceiptsOptions> options)
{
    // Below that a second transaction costs more than it brings.
    private const int WorthDividing = 1000;

    /// <param name="asEvidence">Receipts with an unknown taskid may show that a request in doubt was sent.</param>
    /// <returns>The receipts that matched a message; the others stay where they are.</returns>
    public async Task<HashSet<long>> RunAsync(Guid tenantId, IReadOnlyList<Delivery> deliveries, ReceiptPlace place, bool asEvidence, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Applier, new TenantScope(tenantId), ct);
        var known = await KnownTasks.FindAsync(connection, tenantId, deliveries, ct);
        // A batch that was accepted at its only attempt stays so: its receipts change no row but their own and the counters.
        var rows = (await match.FindAsync(connection, tenantId, deliveries, known, ct)).FindAll(r => !r.Range.Open);
        await WriteAsync(connection, tenantId, rows, place, ct);
        List<Delivery> rest = known.AllPlain ? [] : [.. deliveries.Where(d => known.Of(d).Any(r => r.Open) || (asEvidence && known.Of(d).Count == 0 && d.Account == d.Read.Owner))];
        if (rest.Count > 0)
            rows.AddRange(await open.RunAsync(connection, tenantId, rest, place, ct));
        var matched = rows.ConvertAll(r => r.Id).ToHashSet();
        if (rest.Count > 0 || place == ReceiptPlace.Parked)
            await FindEvidence.ForgetAsync(connection, tenantId, [.. matched], TimeSpan.FromHours(options.Value.ParkedHours), ct);
        foreach (var sending in rows.Select(r => r.Range.SendingId).Distinct())
            live.Publish(tenantId, sending);
        return matched;
    }

    private async Task WriteAsync(NpgsqlConnection connection, Guid tenantId, List<MatchRow> rows, ReceiptPlace place, CancellationToken ct)
    {
        if (rows.Count == 0)
            return;
        // Months are written one after the other: two that go over several would wait for each other.
        if (rows.Count < WorthDividing || rows.Exists(r => r.Range.Month != rows[0].Range.Month))
        {
            await WriteAsync(connection, tenantId, rows, place, half: null, ct);
            return;
        }
        var halves = rows.ToLookup(WriteReceipts.HalfOf);
        await Task.WhenAll([WriteAsync(connection, tenantId, [.. halves[0]], place, half: 0, ct), Task.Run(OtherAsync, ct)]);

        async Task OtherAsync()
        {
            await using var other = await databases.OpenAsync(DatabaseRole.Applier, new TenantScope(tenantId), ct);
            await WriteAsync(other, tenantId, [.. halves[1]], place, half: 1, ct);
        }
    }

    private async Task WriteAsync(NpgsqlConnection connection, Guid tenantId, List<MatchRow> rows, ReceiptPlace place, int? half, CancellationToken ct)
    {
        if (firsts.AreExpected(tenantId))
        {
            try
            {
                await WriteAsync(allFirst: true);
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                // Something is written of one of their messages: nothing was done.
            }
        }
        firsts.Saw(tenantId, repeated: await WriteAsync(allFirst: false));

        async Task<bool> WriteAsync(bool allFirst)
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await WriteReceipts.LineUpAsync(connection, tenantId, half, ct);
            var repeated = await WriteReceipts.RunAsync(connection, tenantId, rows, place, allFirst, ct);
            await transaction.CommitAsync(ct);
            return repeated;
        }
    }
}
