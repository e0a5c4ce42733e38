using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.Receipts;

/// <summary>What became of a group of receipts.</summary>
/// <param name="Left">They matched nothing.</param>
/// <param name="Failed">Their tenant's could not be applied; they are where they were.</param>
internal sealed record AppliedGroup(List<ReadReceipt> Left, List<ReadReceipt> Failed);

/// <summary>
/// Hands a group of receipts to the tenants whose apikey they carry. Where two accounts have the apikey (at two hosts), the
/// one that knows the taskid takes a receipt; when none does, only its owner may take it as evidence. What fails for one
/// tenant stops no other.
/// </summary>
internal sealed class ApplyGroup(ApplyToTenant apply, IOptions<ReceiptsOptions> options, ILogger<ApplyGroup> log)
{
    public async Task<AppliedGroup> RunAsync(IReadOnlyList<ReadReceipt> receipts, ReceiptPlace place, CancellationToken ct)
    {
        var (matched, failed) = (new HashSet<long>(), new HashSet<long>());
        await ToTenantsAsync([.. receipts.Where(r => r.Accounts.Count == 1).Select(r => new Delivery(r, r.Accounts[0]))], asEvidence: true);
        var shared = receipts.Where(r => r.Accounts.Count > 1).ToList();
        for (var turn = 0; turn < shared.Select(r => r.Accounts.Count).DefaultIfEmpty().Max(); turn++)
            await ToTenantsAsync([.. Unmatched(shared).Where(r => r.Accounts.Count > turn).Select(r => new Delivery(r, r.Accounts[turn]))], asEvidence: false);
        await ToTenantsAsync([.. Unmatched(shared).Where(r => r.Owner is not null).Select(r => new Delivery(r, r.Owner!))], asEvidence: true);
        return new([.. Unmatched(receipts)], [.. receipts.Where(r => failed.Contains(r.Stored.Id))]);

        IEnumerable<ReadReceipt> Unmatched(IEnumerable<ReadReceipt> of) => of.Where(r => !matched.Contains(r.Stored.Id) && !failed.Contains(r.Stored.Id));

        async Task ToTenantsAsync(List<Delivery> deliveries, bool asEvidence)
        {
            var (found, missed) = (new ConcurrentBag<HashSet<long>>(), new ConcurrentBag<IEnumerable<Delivery>>());
            await Parallel.ForEachAsync(deliveries.GroupBy(d => d.Account.TenantId), new ParallelOptions { MaxDegreeOfParallelism = options.Value.Together, CancellationToken = ct },
                async (tenant, c) =>
                {
                    try
                    {
                        found.Add(await apply.RunAsync(tenant.Key, [.. tenant], place, asEvidence, c));
                    }
                    catch (Exception e) when (!c.IsCancellationRequested)
                    {
                        // Some of them may be applied by now: they are not where they were any more.
                        ReceiptsLog.TenantFailed(log, tenant.Key, e);
                        missed.Add(tenant);
                    }
                });
            foreach (var ids in found)
                matched.UnionWith(ids);
            failed.UnionWith(missed.SelectMany(tenant => tenant).Select(d => d.Stored.Id));
        }
    }
}
