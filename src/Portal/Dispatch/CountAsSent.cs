using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Dispatch;

/// <summary>
/// A person counts batches in doubt as sent (role Sender): in doubt → accepted. Receipts and late replies still say what became
/// of them. <c>nothing_in_doubt</c> when none is left, which somebody else's decision or a receipt may have caused.
/// </summary>
public sealed class CountAsSent(Databases databases, LiveFeed live, TimeProvider clock)
{
    public async Task<Result<DoubtDecision>> RunAsync(Member member, DoubtChoice choice, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, member.Scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var decision = await DoubtRows.DecideAsync(connection, member, choice, "state = 'accepted', why = 'counted'", "accepted", due: false, ct);
        if (decision.Batches == 0)
            return new Problem("", "nothing_in_doubt");
        await DoubtRows.NoteAsync(connection, member, choice.SendingId, AuditActions.DoubtsCounted, decision, clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
        live.Publish(member.TenantId, choice.SendingId);
        return decision;
    }
}
