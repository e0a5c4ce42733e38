using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Sms.Provider;
using Portal.Tenants;

namespace Portal.Accounts;

/// <summary>How an account's state follows from what is known. An active account always has a pair that may sign.</summary>
internal static class AccountStates
{
    /// <summary>Our own word: the pair is proven, but another tenant proved the same apikey first. An operator decides.</summary>
    public const string Held = "held";

    /// <summary>Our own word: no pair was proven.</summary>
    public const string Unproven = "unproven";

    /// <summary>Our own word: its key pair does not open here.</summary>
    public const string Unreadable = "vault";

    /// <summary>Our own word: no operator lets the tenant's accounts call this host, or not any more.</summary>
    public const string HostNotAllowed = "host";

    /// <summary>Whether a passing check is enough to let the account go on.</summary>
    public static bool EndsByCheck(string? code) =>
        code is Held or Unproven or Unreadable or HostNotAllowed || ProviderCodes.Find(code).Action is CodeAction.StopAccount or CodeAction.StopCall;

    /// <summary>Changes the state as a proof demands; answers the audit action when it changed.</summary>
    public static string? Settle(Account account, AccountKey key, Proof proof, bool olderSigns)
    {
        var signs = key.ProvenAt is not null && !key.Held;
        // A new pair that cannot sign yet says nothing about an account that works with the older one.
        if (account.State == AccountState.Disabled || (account.State == AccountState.Active && !signs && olderSigns))
            return null;
        if (key.Held || proof.Stops)
            return Stop(account, key.Held ? Held : proof.Code, proof.MissingAddress, proof.At);
        if (!proof.Passed || account.State != AccountState.Stopped || !EndsByCheck(account.StoppedCode))
            return null;
        // A new account does not "go on": that its pair is proven says enough.
        var isNew = account.StoppedCode == Unproven;
        var resumed = Resume(account);
        return isNew ? null : resumed;
    }

    public static string Resume(Account account)
    {
        account.State = AccountState.Active;
        account.StoppedCode = null;
        account.StoppedAt = null;
        account.MissingAddress = null;
        return AuditActions.AccountResumed;
    }

    public static string? Stop(Account account, string code, string? missingAddress, DateTimeOffset now)
    {
        var changed = account.State != AccountState.Stopped || account.StoppedCode != code;
        account.State = AccountState.Stopped;
        account.StoppedCode = code;
        account.StoppedAt = changed ? now : account.StoppedAt;
        account.MissingAddress = missingAddress;
        return changed ? AuditActions.AccountStopped : null;
    }

    /// <summary>The account's row, locked for the caller's transaction: dispatch may stop it at the same moment.</summary>
    public static Task<Account?> LockAsync(this PortalDb db, Guid accountId, CancellationToken ct) => db.Set<Account>()
        .FromSql($"select *, xmin from app.accounts where tenant_id = {db.TenantId} and id = {accountId} for update")
        .SingleOrDefaultAsync(ct);

    public static AuditEntry Did(this Member member, string action, Guid accountId, DateTimeOffset at, params string[] details) =>
        new() { TenantId = member.TenantId, At = at, ActorId = member.UserId, SubjectId = accountId, Action = action, Details = details };

    /// <summary>Something that happened to an account; nobody is its actor when the provider's answer alone brought it about.</summary>
    public static void Note(this PortalDb db, Guid? actor, string action, Guid accountId, DateTimeOffset at, params string[] details) =>
        db.Add(new AuditEntry { TenantId = db.TenantId, At = at, ActorId = actor, SubjectId = accountId, Action = action, Details = details });
}
