using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>
/// Lets an operator look into a tenant: with a reason, in this session, for an hour at most, reading and nothing else. Both ends
/// stand in the tenant's audit. Problems: <c>reason_missing</c> and <c>reason_long</c> at <c>Reason</c>, <c>tenant_unknown</c>,
/// <c>tenant_suspended</c>.
/// </summary>
public sealed class ActFor(Databases databases, TimeProvider clock)
{
    /// <param name="session">The operator's: SHA-256 of what its cookie holds.</param>
    /// <returns>The tenant's slug.</returns>
    public async Task<Result<string>> BeginAsync(Operator by, byte[] session, Guid tenantId, string reason, CancellationToken ct)
    {
        reason = reason.Trim();
        if (reason.Length == 0)
            return new Problem("Reason", "acting_reason_missing");
        if (reason.Length > SuspendTenant.MaxReason)
            return new Problem("Reason", "reason_long", SuspendTenant.MaxReason);
        await using var work = await OperatorWork.BeginAsync(databases, new(tenantId), ct);
        if (await work.Register.Tenants.AsNoTracking().SingleOrDefaultAsync(t => t.Id == tenantId, ct) is not { } tenant)
            return new Problem("", "tenant_unknown");
        if (tenant.State != TenantState.Active)
            return new Problem("", "tenant_suspended", tenant.Name);
        var now = clock.GetUtcNow();
        await EndAsync(work, by, session, now, ct);
        var ends = now + Acting.Longest;
        work.Register.Add(new Acting { SessionId = session, UserId = by.UserId, TenantId = tenantId, Reason = reason, StartedAt = now, EndsAt = ends });
        work.Note(by, AuditActions.ActingStarted, now, reason, ends.ToString("O", CultureInfo.InvariantCulture));
        try
        {
            await work.CommitAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Pressed twice: the other press has begun, and told so.
            return tenant.Slug;
        }
        return tenant.Slug;
    }

    /// <summary>Ends what the session does for a tenant; answers which it was, null for none.</summary>
    public async Task<Guid?> EndAsync(Operator by, byte[] session, CancellationToken ct)
    {
        await using var work = await OperatorWork.BeginAsync(databases, new(Guid.Empty), ct);
        var tenant = await EndAsync(work, by, session, clock.GetUtcNow(), ct);
        await work.CommitAsync(ct);
        return tenant;
    }

    private static async Task<Guid?> EndAsync(OperatorWork work, Operator by, byte[] session, DateTimeOffset now, CancellationToken ct)
    {
        if (await work.Register.Actings.AsNoTracking().SingleOrDefaultAsync(a => a.SessionId == session && a.UserId == by.UserId, ct) is not { } acting)
            return null;
        // Whoever takes it away tells; another tab that ends the same finds nothing.
        if (await work.Register.Actings.Where(a => a.SessionId == session && a.StartedAt == acting.StartedAt).ExecuteDeleteAsync(ct) == 0)
            return null;
        // One whose hour was over ended then, by itself.
        if (acting.EndsAt > now)
            work.Note(by, acting.TenantId, AuditActions.ActingEnded, now);
        return acting.TenantId;
    }
}

/// <summary>The tenant that a session acts for, if it has that slug; null otherwise. A delegate, so that a page can be tested without a database.</summary>
public delegate Task<TenantMembership?> FindActing(string slug, Guid userId, byte[] session, CancellationToken ct);

internal sealed class ActingBySession(IDbContextFactory<IdentityDb> identity, PortalDbFactory dbs, TimeProvider clock)
{
    // The right, the second factor, the session and the hour are asked each time: whichever is gone, this is.
    public async Task<TenantMembership?> RunAsync(string slug, Guid userId, byte[] session, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await identity.CreateDbContextAsync(ct);
        var found = await (
            from acting in db.Actings
            join tenant in db.Tenants on acting.TenantId equals tenant.Id
            join user in db.Users on acting.UserId equals user.Id
            join live in db.Sessions on acting.SessionId equals live.Id
            where acting.SessionId == session && acting.UserId == userId && acting.EndsAt > now && tenant.Slug == slug
                && user.IsOperator && live.UserId == userId && live.Strong && live.ExpiresAt > now
            select new { tenant.Id, tenant.Slug, tenant.Name, tenant.State, tenant.SuspendedWhy, tenant.DeleteAt, user.DisplayName, user.Email, acting.EndsAt, acting.Reason })
            .SingleOrDefaultAsync(ct);
        if (found is null)
            return null;
        await using var app = dbs.Create(new TenantScope(found.Id) { ReadOnly = true });
        if (await app.Set<TenantSettings>().Select(s => new { s.TimeZone, s.Country, Trial = app.Set<Trial>().Any() }).SingleOrDefaultAsync(ct) is not { } settings)
            return null;
        var name = found.DisplayName.Length > 0 ? found.DisplayName : found.Email!;
        return new(found.Id, found.Slug, found.Name, found.State, found.SuspendedWhy, settings.TimeZone, settings.Country, userId, name, MemberRole.Viewer, settings.Trial)
        {
            DeleteAt = found.DeleteAt,
            Acting = new(found.EndsAt, found.Reason),
        };
    }
}
