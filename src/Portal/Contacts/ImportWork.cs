using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Data;

namespace Portal.Contacts;

/// <summary>
/// Takes a claimed import in, in one transaction. A second connection shows how far it is and sees when somebody cancels.
/// </summary>
internal sealed class ImportWork(Databases databases, TimeProvider clock, ILogger<ImportWork> log)
{
    public async Task<ImportOutcome> RunAsync(ClaimedImport claim, CancellationToken ct)
    {
        await using (claim)
        {
            var started = clock.GetTimestamp();
            await using var watch = new ImportWatch(databases, claim, clock, ct);
            try
            {
                var outcome = await new ImportTransaction(claim, watch, clock).RunAsync();
                log.Imported(claim.Id, outcome.Rows, outcome.Added, (long)clock.GetElapsedTime(started).TotalMilliseconds);
                return outcome;
            }
            catch (OperationCanceledException)
            {
                // The portal stops (the import can be run again), or somebody cancelled (the state says so already).
                var state = await LeaveAsync(claim, ImportState.Uploaded);
                ct.ThrowIfCancellationRequested();
                log.Cancelled(claim.Id);
                return new ImportOutcome(state, watch.Rows, 0, 0, 0, 0);
            }
            catch (Exception e)
            {
                log.Failed(claim.Id, e);
                return new ImportOutcome(await LeaveAsync(claim, ImportState.Failed), watch.Rows, 0, 0, 0, 0);
            }
        }
    }

    /// <summary>Nothing was taken: says so where nobody cancelled, and removes the list that was made for this import.</summary>
    private async Task<ImportState> LeaveAsync(ClaimedImport claim, ImportState state)
    {
        // Its own connection and no token: the claim's may be broken, and this must be told.
        await using var connection = await databases.OpenAsync(DatabaseRole.App, claim.Member.Scope, CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        if (claim.NewList)
            await RemoveListAsync(connection, claim);
        await connection.ExecuteAsync(
            "update app.imports set state = $3 where tenant_id = $1 and id = $2 and state = 'running'", [claim.Member.TenantId, claim.Id, Words.Of(state)], CancellationToken.None);
        var now = await connection.QueryAsync(r => r.GetString(0),
            "select state from app.imports where tenant_id = $1 and id = $2", [claim.Member.TenantId, claim.Id], CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return now.Count == 0 ? ImportState.Cancelled : Words.Read<ImportState>(now[0]);
    }

    private static async Task RemoveListAsync(NpgsqlConnection connection, ClaimedImport claim)
    {
        await connection.ExecuteAsync("""
            delete from app.lists l where tenant_id = $1 and id = $2
                and not exists (select from app.list_members m where m.tenant_id = l.tenant_id and m.list_id = l.id)
            """, [claim.Member.TenantId, claim.ListId], CancellationToken.None);
        await connection.ExecuteAsync(
            "update app.imports set list_id = null where tenant_id = $1 and id = $2", [claim.Member.TenantId, claim.Id], CancellationToken.None);
    }
}
