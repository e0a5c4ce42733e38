using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Audit;
using Portal.Data;

namespace Portal.Members;

/// <summary>One transaction over the people of a tenant and its audit.</summary>
internal sealed class TeamWork : RegisterWork
{
    /// <summary>Named in <c>members.sql</c>: asked at the commit, whoever changes a membership.</summary>
    private const string LastOwner = "last_owner";

    private TeamWork(NpgsqlConnection connection, NpgsqlTransaction transaction, TenantScope scope) : base(connection, transaction, scope)
    {
    }

    public static async Task<TeamWork> BeginAsync(Databases databases, TenantScope scope, CancellationToken ct)
    {
        var (connection, transaction) = await OpenAsync(databases, DatabaseRole.Identity, scope, ct);
        var work = new TeamWork(connection, transaction, scope);
        await work.EnlistAsync(ct);
        return work;
    }

    /// <param name="subject">The person it was done to, or the invitation.</param>
    public void Note(Guid actor, Guid subject, string action, DateTimeOffset at, params string[] details) => App.Add(new AuditEntry
    {
        TenantId = App.TenantId,
        SubjectId = subject,
        ActorId = actor,
        Action = action,
        At = at,
        Details = details,
    });

    /// <summary>The member, locked; null when they are none.</summary>
    public async Task<Membership?> LockAsync(Guid user, CancellationToken ct) =>
        await Register.Memberships.FromSql($"select * from ident.memberships where tenant_id = {App.TenantId} and user_id = {user} for update").SingleOrDefaultAsync(ct);

    /// <summary>How the person is called in the audit.</summary>
    public Task<string> NameAsync(Guid user, CancellationToken ct) =>
        Register.Users.Where(u => u.Id == user).Select(u => u.DisplayName != "" ? u.DisplayName : u.Email!).SingleAsync(ct);

    /// <summary>Who may no longer invite has invited nobody.</summary>
    public Task WithdrawInvitationsOfAsync(Guid user, CancellationToken ct) =>
        Register.Invitations.Where(i => i.TenantId == App.TenantId && i.InvitedBy == user).ExecuteDeleteAsync(ct);

    /// <summary>False: the tenant would have no owner, and nothing was changed.</summary>
    public async Task<bool> TryCommitAsync(CancellationToken ct)
    {
        try
        {
            await CommitAsync(ct);
            return true;
        }
        catch (PostgresException e) when (e.ConstraintName == LastOwner)
        {
            return false;
        }
    }
}
