using Portal.Data;

namespace Portal.Dispatch;

/// <summary>What a batch sends: its text and the numbers that may still be written to.</summary>
internal sealed record BatchContent(string Text, IReadOnlyList<string> Numbers, AccountTerms Terms);

/// <summary>What the account adds to a request.</summary>
internal sealed record AccountTerms(string? SenderId, string? TemplateId, string? SignName, bool VerificationOnly);

/// <summary>
/// Reads a claimed batch. Numbers that were suppressed since it was prepared are left out and counted; whether one more
/// came in between is asked again in the transaction that begins the attempt.
/// </summary>
internal sealed class OpenBatch(Databases databases)
{
    public async Task<BatchContent> RunAsync(TenantScope scope, Guid accountId, ClaimedBatch batch, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await connection.RunAsync(ct, $"""
            with late as (
                insert into app.skips (tenant_id, sending_id, number, reason, at)
                select $1, $2, m.number, 'suppressed', clock_timestamp()
                from app.batches b cross join {BatchMessages.Of("b", "$3")} m
                where b.tenant_id = $1 and b.sending_id = $2 and b.batch_no = $4
                  and exists (select from app.suppressions s where s.tenant_id = $1 and s.number = m.number offset 0)
                on conflict do nothing returning 1)
            update app.sending_counts set dropped = dropped + (select count(*) from late)
            where tenant_id = $1 and sending_id = $2 and exists (select from late)
            """, scope.TenantId, batch.SendingId, batch.Month, batch.BatchNo);
        await using var command = connection.Sql($"""
            select t.text, a.sender_id, a.template_id, a.sign_name, a.kind = 'verification',
                   array(select m.number from app.batches b cross join {BatchMessages.Of("b", "$4")} m
                         where b.tenant_id = $1 and b.sending_id = $2 and b.batch_no = $5
                           and not exists (select from app.skips k where k.tenant_id = $1 and k.sending_id = $2 and k.number = m.number offset 0)
                         order by m.ordinal)
            from app.sending_texts t, app.accounts a
            where t.tenant_id = $1 and t.sending_id = $2 and t.text_no = $6 and a.tenant_id = $1 and a.id = $3
            """, scope.TenantId, batch.SendingId, accountId, batch.Month, batch.BatchNo, batch.TextNo);
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
            throw new InvalidOperationException("The batch has no text.");
        string? Text(int i) => reader.IsDBNull(i) ? null : reader.GetString(i);
        return new BatchContent(reader.GetString(0), reader.GetFieldValue<string[]>(5), new AccountTerms(Text(1), Text(2), Text(3), reader.GetBoolean(4)));
    }
}
