using Npgsql;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// The right to run an account's loop, by the database's clock. The fence grows with every change of hands; a
/// transaction that takes work checks it against the locked row (<see cref="HoldAsync"/>).
/// </summary>
internal sealed class Lease(Databases databases, TenantScope scope, Guid accountId, Guid holder, long fence, double seconds)
{
    public long Fence => fence;

    /// <summary>Null: somebody else runs the account.</summary>
    public static async Task<Lease?> AcquireAsync(Databases databases, TenantScope scope, Guid accountId, double seconds, CancellationToken ct)
    {
        var holder = Guid.CreateVersion7();
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        var fence = await connection.ScalarAsync<long>(ct, "select infra.acquire_lease($1, $2, $3, $4)", scope.TenantId, accountId, holder, seconds);
        return fence == 0 ? null : new Lease(databases, scope, accountId, holder, fence, seconds);
    }

    /// <summary>False: it is over, and somebody else may hold it by now.</summary>
    public async Task<bool> RenewAsync(CancellationToken ct)
    {
        await using var connection = await databases.OpenForLeaseAsync(scope, ct);
        return await connection.ScalarAsync<bool>(ct, "select infra.renew_lease($1, $2, $3, $4)", accountId, holder, fence, seconds);
    }

    public async Task ReleaseAsync(CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await connection.RunAsync(ct, "select infra.release_lease($1, $2, $3)", accountId, holder, fence);
    }

    /// <summary>
    /// Locks the lease for the caller's transaction. False: it is not ours any more, and nothing may be taken. A process that
    /// falls asleep within it (a stopped machine, a cut network) would keep the others from the lease: whoever says nothing for
    /// as long as a lease lasts loses the transaction. What follows in it is planned once (<see cref="Commands.KeepPlans"/>).
    /// </summary>
    public Task<bool> HoldAsync(NpgsqlConnection connection, CancellationToken ct) => connection.ScalarAsync<bool>(ct,
        $"select infra.hold_lease($1, $2), set_config('idle_in_transaction_session_timeout', ($3 * 1000)::int::text, true), {Commands.KeepPlans}", accountId, fence, seconds);
}
