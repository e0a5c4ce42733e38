using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>
/// Deletes the tenants whose countdown is over: first what unlocks their secrets, then row by row in small transactions, the
/// register last. Cut short anywhere it goes on at the next look, on whatever instance.
/// </summary>
internal sealed class EraseTenants(Databases databases, DeleteTenantKeys keys, TimeProvider clock, ILogger<EraseTenants> log) : BackgroundService
{
    private const int Piece = 2000;
    private const long Lock = 0x0e7a5e;

    // Requests that were open when it was stopped end meanwhile, and find their rows.
    internal static readonly TimeSpan Rest = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan _every = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_every, clock);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // EF wraps what the connection says in exceptions of its own, and one that gets out of here would stop the whole portal.
                MembersLog.EraseFailed(log, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One look: begins what is due and carries on what was begun.</summary>
    internal async Task SweepAsync(CancellationToken ct)
    {
        await using var guard = await databases[DatabaseRole.Operator].OpenConnectionAsync(ct);
        await using var take = new NpgsqlCommand($"select pg_try_advisory_lock({Lock})", guard);
        if (await take.ExecuteScalarAsync(ct) is not true)
            return;
        try
        {
            foreach (var id in await DueAsync(ct))
                await TryEraseAsync(id, ct);
        }
        finally
        {
            await using var give = new NpgsqlCommand($"select pg_advisory_unlock({Lock})", guard);
            await give.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private async Task<List<Guid>> DueAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await OperatorWork.BeginAsync(databases, new(Guid.Empty), ct);
        // Its pages close, and nothing of it is sent from here on.
        await work.Register.Tenants.Where(t => t.DeleteAt <= now && t.DeletingSince == null).ExecuteUpdateAsync(
            set => set.SetProperty(t => t.DeletingSince, now).SetProperty(t => t.State, TenantState.Suspended).SetProperty(t => t.SuspendedWhy, "deleted"), ct);
        await work.CommitAsync(ct);
        await using var after = await OperatorWork.BeginAsync(databases, new(Guid.Empty), ct);
        return await after.Register.Tenants.Where(t => t.DeletingSince <= now).Select(t => t.Id).ToListAsync(ct);
    }

    // One that does not go keeps no other from going.
    private async Task TryEraseAsync(Guid id, CancellationToken ct)
    {
        try
        {
            await EraseAsync(id, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            MembersLog.TenantNotErased(log, id, e);
        }
    }

    private async Task EraseAsync(Guid id, CancellationToken ct)
    {
        // Before anything else, and again at each look: from here on its secrets are unreadable and receipts find it no more.
        await keys.DestroyAsync(id, ct);
        if (!await IsAtRestAsync(id, ct))
            return;
        while (await PieceAsync(id, ct))
            ct.ThrowIfCancellationRequested();
        MembersLog.Erased(log, id);
    }

    private async Task<bool> IsAtRestAsync(Guid id, CancellationToken ct)
    {
        var before = clock.GetUtcNow() - Rest;
        await using var work = await OperatorWork.BeginAsync(databases, new(Guid.Empty), ct);
        return await work.Register.Tenants.AnyAsync(t => t.Id == id && t.DeletingSince <= before, ct);
    }

    private async Task<bool> PieceAsync(Guid id, CancellationToken ct)
    {
        // What remains of it: one line in the portal's own audit.
        await using var work = await OperatorWork.BeginAsync(databases, new(Guid.Empty), ct);
        if (await work.Register.Tenants.AsNoTracking().SingleOrDefaultAsync(t => t.Id == id, ct) is not { } tenant)
            return false;
        var rows = await work.App.Database.SqlQuery<long>($"""select infra.erase_tenant({id}, {Piece}) as "Value" """).SingleAsync(ct);
        if (rows == 0)
        {
            work.App.Add(new AuditEntry
            {
                TenantId = Guid.Empty,
                SubjectId = id,
                ByOperator = true,
                Action = AuditActions.TenantDeleted,
                At = clock.GetUtcNow(),
                Details = [tenant.Name, tenant.Slug, tenant.DeleteAt?.ToString("O", CultureInfo.InvariantCulture) ?? ""],
            });
        }
        await work.CommitAsync(ct);
        return rows > 0;
    }
}
