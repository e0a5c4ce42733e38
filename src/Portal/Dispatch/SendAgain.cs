using Npgsql;
using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Dispatch;

/// <summary>
/// A person has batches in doubt sent again (role Sender): in doubt → planned, for a new attempt without those whom a receipt
/// has told of. Everybody else of them may get it twice. Not before <see cref="Wait"/> after the request's timestamp, when the
/// provider would refuse the old one: of all of a sending, only those whose time has come.
/// <c>nothing_in_doubt</c>, <c>too_early</c> (from when), <c>sending_cancelled</c>.
/// </summary>
public sealed class SendAgain(Databases databases, LiveFeed live, TimeProvider clock)
{
    /// <summary>The provider takes a timestamp within two hours of its own clock.</summary>
    public static readonly TimeSpan Wait = new(2, 10, 0);

    public async Task<Result<DoubtDecision>> RunAsync(Member member, DoubtChoice choice, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, member.Scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Locked before its batches, so that it is not finished in this moment.
        var state = await connection.ScalarAsync<string>(ct, "select state from app.sendings where tenant_id = $1 and id = $2 for update", member.TenantId, choice.SendingId);
        if (state == "cancelled")
            return new Problem("", "sending_cancelled");
        var decision = await DoubtRows.DecideAsync(connection, member, choice, "state = 'planned', not_before = clock_timestamp()", null, due: true, ct);
        if (decision.Batches == 0)
            return await EarliestAsync(connection, member, choice, ct) is { } from ? new Problem("", "too_early", from) : new Problem("", "nothing_in_doubt");
        await SendingRows.ReopenAsync(connection, member.TenantId, choice.SendingId, ct);
        await DoubtRows.NoteAsync(connection, member, choice.SendingId, AuditActions.DoubtsSentAgain, decision, clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
        live.Publish(member.TenantId, choice.SendingId);
        return decision;
    }

    private static async Task<DateTimeOffset?> EarliestAsync(NpgsqlConnection connection, Member member, DoubtChoice choice, CancellationToken ct)
    {
        await using var command = connection.Sql($"""
            select min({DoubtRows.MayBeSentFrom}) from app.batches b {DoubtRows.Attempt}
            where b.tenant_id = $1 and b.sending_id = $2 and b.state = 'in_doubt' and ($3::int is null or b.batch_no = $3)
            """, member.TenantId, choice.SendingId, choice.BatchNo);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) && !reader.IsDBNull(0) ? reader.GetFieldValue<DateTimeOffset>(0) : null;
    }
}
