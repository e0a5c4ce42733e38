using Portal.Contacts;
using Portal.Data;

namespace Portal.Receipts;

/// <param name="Lag">How long the oldest one in the inbox waits to be applied; none: nothing waits.</param>
/// <param name="Parked">That match nothing yet, of all accounts.</param>
public sealed record ReceiptBacklogNow(TimeSpan Lag, long Parked);

/// <summary>What stands of receipts, over all tenants, as two figures: for whoever is woken up by them.</summary>
public sealed class ReceiptBacklog(Databases databases)
{
    private const string Sql = """
        select coalesce((select extract(epoch from clock_timestamp() - received_at) from infra.receipt_inbox order by id limit 1), 0)::float8,
               (select count(*) from infra.parked_receipts)
        """;

    public async Task<ReceiptBacklogNow> RunAsync(CancellationToken ct)
    {
        await using var connection = await databases[DatabaseRole.Operator].OpenConnectionAsync(ct);
        return (await connection.QueryAsync(r => new ReceiptBacklogNow(TimeSpan.FromSeconds(Math.Max(0, r.GetDouble(0))), r.GetInt64(1)), Sql, [], ct))[0];
    }
}
