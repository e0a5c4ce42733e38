using Npgsql;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>What a batch sends: its text and the numbers that may still be written to.</summary>
internal sealed record BatchContent(ClaimedBatch Batch, string Text, IReadOnlyList<string> Numbers, AccountTerms Terms);

/// <summary>What the account adds to a request.</summary>
internal sealed record AccountTerms(string? SenderId, string? TemplateId, string? SignName, bool VerificationOnly);

/// <summary>
/// Reads claimed batches. Numbers that were suppressed since they were prepared are left out and counted; those that a
/// receipt has told of, after an attempt in doubt, are left out. Whether one more
/// came in between is asked again in the transaction that begins the attempt.
/// </summary>
internal sealed class OpenBatches(Databases databases)
{
    private const string Claims = """
        unnest($2::uuid[], $3::date[], $4::int[], $5::int[], $6::int[]) with ordinality as c (sending_id, month, batch_no, text_no, settled, place)
        join app.batches b on b.tenant_id = $1 and b.sending_id = c.sending_id and b.batch_no = c.batch_no
        """;

    // Two of each: months of receipts are looked at only where a batch has any, since planning that costs more than all the rest.
    private static readonly (string Late, string Content) _whole = (Late(_ => ""), Content(_ => ""));
    private static readonly (string Late, string Content) _settled = (Late(Untold), Content(Untold));

    private static string Late(Func<string, string> untold) => $"""
        with late as (
            insert into app.skips (tenant_id, sending_id, number, reason, at)
            select $1, c.sending_id, l.number, 'suppressed', clock_timestamp()
            from {Claims} cross join {BatchMessages.Of("b")} l
            where exists (select from app.suppressions x where x.tenant_id = $1 and x.number = l.number) {untold("l")}
            on conflict do nothing returning sending_id)
        update app.sending_counts n set dropped = n.dropped + l.people
        from (select sending_id, count(*)::int as people from late group by sending_id) l
        where n.tenant_id = $1 and n.sending_id = l.sending_id
        """;

    private static string Content(Func<string, string> untold) => $"""
        select c.place, t.text, a.sender_id, a.template_id, a.sign_name, a.kind = 'verification',
               array(select m.number from {BatchMessages.Of("b")} m
                     where not exists (select from app.skips k where k.tenant_id = $1 and k.sending_id = c.sending_id and k.number = m.number) {untold("m")}
                     order by m.ordinal)
        from {Claims}
        join app.accounts a on a.tenant_id = $1 and a.id = $7
        join app.sending_texts t on t.tenant_id = $1 and t.sending_id = c.sending_id and t.text_no = c.text_no
        order by c.place
        """;

    public async Task<List<BatchContent>> RunAsync(TenantScope scope, Guid accountId, IReadOnlyList<ClaimedBatch> batches, CancellationToken ct)
    {
        object?[] claims =
        [
            scope.TenantId, batches.Select(b => b.SendingId).ToArray(), batches.Select(b => b.Month).ToArray(),
            batches.Select(b => b.BatchNo).ToArray(), batches.Select(b => b.TextNo).ToArray(),
            batches.Select(b => b.Settled).ToArray(),
        ];
        var settled = batches.Any(b => b.Settled > 0);
        var (late, content) = settled ? _settled : _whole;
        await using var batch = databases[DatabaseRole.Dispatch].CreateBatch();
        batch.BatchCommands.Add(scope.BatchCommand());
        // Which months are looked at is seen from the values alone.
        batch.Add(settled ? "select 1" : $"select {Commands.KeepPlans}");
        batch.Add(late, claims);
        batch.Add(content, [.. claims, accountId]);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        await reader.NextResultAsync(ct);
        var opened = new List<BatchContent>(batches.Count);
        while (await reader.ReadAsync(ct))
            opened.Add(Read(reader, batches[(int)reader.GetInt64(0) - 1]));
        return opened.Count == batches.Count ? opened : throw new InvalidOperationException("A batch has no text.");
    }

    // Whom a receipt has told of, after an attempt in doubt, is left out.
    private static string Untold(string of) =>
        $"and (c.settled = 0 or not exists (select from app.receipts r where r.tenant_id = $1 and r.month = c.month and r.sending_id = c.sending_id and r.number = {of}.number))";

    private static BatchContent Read(NpgsqlDataReader row, ClaimedBatch batch)
    {
        string? Text(int i) => row.IsDBNull(i) ? null : row.GetString(i);
        return new BatchContent(batch, row.GetString(1), row.GetFieldValue<string[]>(6), new AccountTerms(Text(2), Text(3), Text(4), row.GetBoolean(5)));
    }
}
