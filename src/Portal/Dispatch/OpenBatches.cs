using Npgsql;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>What a batch sends: its text and the numbers that may still be written to.</summary>
internal sealed record BatchContent(ClaimedBatch Batch, string Text, IReadOnlyList<string> Numbers, AccountTerms Terms);

/// <summary>What the account adds to a request.</summary>
internal sealed record AccountTerms(string? SenderId, string? TemplateId, string? SignName, bool VerificationOnly);

/// <summary>
/// Reads claimed batches. Numbers that were suppressed since they were prepared are left out and counted; whether one more
/// came in between is asked again in the transaction that begins the attempt.
/// </summary>
internal sealed class OpenBatches(Databases databases)
{
    private const string Late = """
        with late as (
            insert into app.skips (tenant_id, sending_id, number, reason, at)
            select $1, b.sending_id, m.number, 'suppressed', clock_timestamp()
            from unnest($2::uuid[], $3::int[]) as c (sending_id, batch_no)
            join app.batches b on b.tenant_id = $1 and b.sending_id = c.sending_id and b.batch_no = c.batch_no
            join app.sendings s on s.tenant_id = $1 and s.id = b.sending_id
            join app.messages m on m.tenant_id = $1 and m.month = s.month and m.sending_id = b.sending_id and m.ordinal between b.first_ordinal and b.last_ordinal
            join app.suppressions x on x.tenant_id = $1 and x.number = m.number
            on conflict do nothing returning sending_id)
        update app.sending_counts n set dropped = n.dropped + l.people
        from (select sending_id, count(*)::int as people from late group by sending_id) l
        where n.tenant_id = $1 and n.sending_id = l.sending_id
        """;

    private const string Content = """
        select c.place, t.text, a.sender_id, a.template_id, a.sign_name, a.kind = 'verification',
               array(select m.number from app.messages m
                     where m.tenant_id = $1 and m.month = s.month and m.sending_id = b.sending_id and m.ordinal between b.first_ordinal and b.last_ordinal
                       and not exists (select from app.skips k where k.tenant_id = $1 and k.sending_id = b.sending_id and k.number = m.number)
                     order by m.ordinal)
        from unnest($2::uuid[], $3::int[]) with ordinality as c (sending_id, batch_no, place)
        join app.batches b on b.tenant_id = $1 and b.sending_id = c.sending_id and b.batch_no = c.batch_no
        join app.sendings s on s.tenant_id = $1 and s.id = b.sending_id
        join app.accounts a on a.tenant_id = $1 and a.id = b.account_id
        join app.sending_texts t on t.tenant_id = $1 and t.sending_id = b.sending_id and t.text_no = b.text_no
        order by c.place
        """;

    public async Task<List<BatchContent>> RunAsync(TenantScope scope, IReadOnlyList<ClaimedBatch> batches, CancellationToken ct)
    {
        var (sendings, numbers) = (batches.Select(b => b.SendingId).ToArray(), batches.Select(b => b.BatchNo).ToArray());
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await connection.RunAsync(ct, Late, scope.TenantId, sendings, numbers);
        await using var command = connection.Sql(Content, scope.TenantId, sendings, numbers);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var opened = new List<BatchContent>(batches.Count);
        while (await reader.ReadAsync(ct))
            opened.Add(Read(reader, batches[(int)reader.GetInt64(0) - 1]));
        return opened.Count == batches.Count ? opened : throw new InvalidOperationException("A batch has no text.");
    }

    private static BatchContent Read(NpgsqlDataReader row, ClaimedBatch batch)
    {
        string? Text(int i) => row.IsDBNull(i) ? null : row.GetString(i);
        return new BatchContent(batch, row.GetString(1), row.GetFieldValue<string[]>(6), new AccountTerms(Text(2), Text(3), Text(4), row.GetBoolean(5)));
    }
}
