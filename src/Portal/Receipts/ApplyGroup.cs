using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Portal.Receipts;

/// <summary>
/// Hands a group of receipts to the tenants whose apikey they carry. Where two accounts have the apikey (at two hosts), the
/// one that knows the taskid takes a receipt; when none does, only its owner may take it as evidence.
/// </summary>
internal sealed class ApplyGroup(ApplyToTenant apply, IOptions<ReceiptsOptions> options)
{
    /// <returns>Those that matched nothing.</returns>
    public async Task<List<ReadReceipt>> RunAsync(IReadOnlyList<ReadReceipt> receipts, ReceiptPlace place, CancellationToken ct)
    {
        var matched = new HashSet<long>();
        await ToTenantsAsync([.. receipts.Where(r => r.Accounts.Count == 1).Select(r => new Delivery(r, r.Accounts[0]))], asEvidence: true);
        var shared = receipts.Where(r => r.Accounts.Count > 1).ToList();
        for (var turn = 0; turn < shared.Select(r => r.Accounts.Count).DefaultIfEmpty().Max(); turn++)
            await ToTenantsAsync([.. Unmatched(shared).Where(r => r.Accounts.Count > turn).Select(r => new Delivery(r, r.Accounts[turn]))], asEvidence: false);
        await ToTenantsAsync([.. Unmatched(shared).Where(r => r.Owner is not null).Select(r => new Delivery(r, r.Owner!))], asEvidence: true);
        return [.. Unmatched(receipts)];

        IEnumerable<ReadReceipt> Unmatched(IEnumerable<ReadReceipt> of) => of.Where(r => !matched.Contains(r.Stored.Id));

        async Task ToTenantsAsync(List<Delivery> deliveries, bool asEvidence)
        {
            var found = new ConcurrentBag<HashSet<long>>();
            await Parallel.ForEachAsync(deliveries.GroupBy(d => d.Account.TenantId), new ParallelOptions { MaxDegreeOfParallelism = options.Value.Together, CancellationToken = ct },
                async (tenant, c) => found.Add(await apply.RunAsync(tenant.Key, [.. tenant], place, asEvidence, c)));
            foreach (var ids in found)
                matched.UnionWith(ids);
        }
    }
}
