using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Audit;
using Portal.Data;
using Portal.Live;

namespace Portal.Accounts;

/// <summary>Stops an account for dispatch: the provider, or too many doubts, say that a person must act.</summary>
public sealed class StopAccount(PortalDbFactory dbs, LiveFeed live, TimeProvider clock, ILogger<StopAccount> log)
{
    /// <summary>Nothing happens to an account that is stopped or disabled already: the first reason stands.</summary>
    /// <param name="code">The provider's code, or our own word (<c>doubts</c>, <c>clock</c>); at most 20 characters.</param>
    /// <param name="missingAddress">Our address that a 204 is about, where known (<see cref="OutgoingAddresses.MissingAfter"/>).</param>
    public async Task RunAsync(TenantScope scope, Guid accountId, string code, string? missingAddress, CancellationToken ct)
    {
        await using var db = dbs.Create(scope, DatabaseRole.Dispatch);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var account = await db.LockAsync(accountId, ct);
        if (account?.State != AccountState.Active)
            return;

        var now = clock.GetUtcNow();
        AccountStates.Stop(account, code, missingAddress, now);
        db.Add(new AuditEntry { TenantId = scope.TenantId, At = now, SubjectId = accountId, Action = AuditActions.AccountStopped, Details = [code] });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        live.Publish(scope.TenantId, accountId);
        AccountsLog.AccountStopped(log, accountId, code);
    }
}
