using Npgsql;
using NpgsqlTypes;
using Portal.Contacts;
using Portal.Data;
using Portal.Dispatch;
using Portal.Sms.Numbers;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>What became of one person of a campaign. Sent reads <see cref="NoReceipt"/> after the account's hours without a receipt.</summary>
public enum PersonState { Waiting, Sending, Sent, NoReceipt, Delivered, Failed, InDoubt, Skipped, CalledOff }

/// <summary>Where a page of people goes on: after the last message, then through those without one.</summary>
/// <param name="Ordinal">Of the last message shown.</param>
/// <param name="Number">Of the last person without a message shown; null while messages are left.</param>
public sealed record PeopleCursor(int Ordinal, string? Number);

/// <param name="State">Null for everybody.</param>
/// <param name="After">Null for the first page.</param>
public sealed record CampaignPeopleInput(Guid CampaignId, PersonState? State = null, PeopleCursor? After = null);

/// <param name="Masked">The number, its middle hidden: nobody sees it whole on this page.</param>
/// <param name="Why">
/// Key of the reason: <c>receipt</c>, <c>twice</c> (two requests delivered), <c>code</c>, <c>doubt</c>, <c>part</c> (the provider
/// took a part of the request), <c>skip</c>, or empty.
/// </param>
/// <param name="Word">The raw word beside it: a receipt's status, a provider's code, a doubt's or skip's word, how many of how many.</param>
/// <param name="At">Null while nothing has happened.</param>
/// <param name="Unknown">72 hours have passed since, and nothing has told whether it was sent.</param>
/// <param name="Later">The raw word of a later receipt that says otherwise; the first definitive one counts.</param>
public sealed record PersonLine(string Masked, PersonState State, string Why, string Word, DateTimeOffset? At, bool Unknown = false, string? Later = null);

/// <param name="Next">Where the next page begins; null at the end.</param>
/// <param name="ClearedAt">When they were taken away, because the tenant keeps messages no longer; totals stay.</param>
public sealed record PeoplePage(IReadOnlyList<PersonLine> Lines, PeopleCursor? Next, DateTimeOffset? ClearedAt = null);

/// <summary>The people of a started campaign, 25 a page (role Viewer); empty when there is no such campaign or it has not started.</summary>
public sealed class CampaignPeople(Databases databases)
{
    public const int PageSize = 25;

    private const string Started = """
        select s.id, s.month, a.receipt_hours, s.messages_cleared_at from app.campaigns c join app.sendings s on s.tenant_id = $1 and s.id = c.sending_id
        join app.accounts a on a.tenant_id = $1 and a.id = s.account_id where c.tenant_id = $1 and c.id = $2
        """;

    // A message's state follows from its own receipt, else from its skip, else from its batch (design section 3.5). Batches
    // come in the order of their ordinals, and each brings its messages: a page costs the same however many people there are.
    private static readonly string _messages = $"""
        select * from (
            select m.number, m.ordinal, b.why, b.changed_at, r.status, r.received_at, k.reason, k.at,
                   case when r.meaning = 'delivered' then 'delivered' when r.meaning in ('undelivered', 'failed') then 'failed' when r.meaning is not null then 'sent'
                        when k.number is not null then 'skipped'
                        when b.state = 'accepted' and b.part is null and b.changed_at < clock_timestamp() - make_interval(hours => $8) then 'no_receipt' when b.state = 'accepted' then 'sent'
                        when b.state = 'refused' then 'failed' when b.state = 'in_doubt' then 'in_doubt' when b.state = 'dispatching' then 'sending'
                        when b.state = 'cancelled' then 'called_off' else 'waiting' end as person,
                   b.part, b.changed_at < clock_timestamp() - interval '72 hours' as over,
                   b.attempts > 1 and r.meaning = 'delivered' and (
                       select count(distinct coalesce(a.attempt_no, e.attempt_no)) > 1 from app.receipts x
                       left join app.attempts a on a.tenant_id = $1 and a.sending_id = $2 and a.batch_no = b.batch_no and a.task_id = x.task_id
                       left join app.task_evidence e on e.tenant_id = $1 and e.sending_id = $2 and e.batch_no = b.batch_no and e.task_id = x.task_id
                       where x.tenant_id = $1 and x.month = $3 and x.sending_id = $2 and x.number = m.number and x.meaning = 'delivered') as twice,
                   case when r.meaning in ('delivered', 'undelivered') then (
                       select x.status from app.receipts x
                       where x.tenant_id = $1 and x.month = $3 and x.sending_id = $2 and x.number = m.number and x.seq > r.seq and x.meaning <> 'not_final'
                         and (x.meaning = 'delivered') <> (r.meaning = 'delivered') order by x.seq limit 1) end as later
            from (select batch_no, first_ordinal, last_ordinal, numbers, state, attempts, coalesce(why, '') why, changed_at,
                         case when state = 'accepted' then (
                             select a.valid_number || '/' || a.numbers from app.attempts a
                             where a.tenant_id = $1 and a.sending_id = $2 and a.batch_no = x.batch_no and a.state = 'accepted' and a.valid_number < a.numbers limit 1) end as part
                  from app.batches x
                  where tenant_id = $1 and sending_id = $2 and last_ordinal >= 0 and last_ordinal > $4
                    and (state = any ($5) or (settled > 0 and state <> 'split' and $6::text in ('sent', 'delivered', 'failed')))
                  order by last_ordinal) b
            cross join lateral (
                select x.number, x.ordinal from {BatchMessages.Of("b")} x where x.ordinal > $4 order by x.ordinal offset 0) m
            left join lateral (
                select x.number, x.reason, x.at from app.skips x where x.tenant_id = $1 and x.sending_id = $2 and x.number = m.number offset 0) k on true
            left join lateral (
                select x.meaning, x.status, x.received_at, x.seq from app.receipts x
                where x.tenant_id = $1 and x.month = $3 and x.sending_id = $2 and x.number = m.number
                order by case when x.meaning in ('delivered', 'undelivered') then 0 when x.meaning = 'failed' then 1 else 2 end, x.seq limit 1) r on true
            order by b.last_ordinal, m.ordinal) p
        where $6::text is null or person = $6
        limit $7
        """;

    private const string WithoutMessage = """
        select k.number, k.reason, k.at from app.skips k
        where k.tenant_id = $1 and k.sending_id = $2 and k.number > $4
          and not exists (select from app.messages m where m.tenant_id = $1 and m.month = $3 and m.sending_id = $2 and m.number = k.number)
        order by k.number limit $5
        """;

    public async Task<PeoplePage> RunAsync(Member member, CampaignPeopleInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        var started = await connection.QueryAsync(r => (Id: r.GetGuid(0), Month: r.GetFieldValue<DateOnly>(1), ReceiptHours: r.GetInt32(2), ClearedAt: r.IsDBNull(3) ? (DateTimeOffset?)null : r.GetFieldValue<DateTimeOffset>(3)), Started, [member.TenantId, input.CampaignId], ct);
        if (started is not [var sending])
            return new([], null);
        if (sending.ClearedAt is { } cleared)
            return new([], null, cleared);
        var lines = new List<PersonLine>();
        var cursor = input.After ?? new PeopleCursor(-1, null);
        if (cursor.Number is null)
        {
            var found = await connection.QueryAsync(r => (Line: OfMessage(r), Ordinal: r.GetInt32(1)), _messages,
                [member.TenantId, sending.Id, sending.Month, cursor.Ordinal, Batches(input.State), Word(input.State), PageSize + 1, sending.ReceiptHours], ct);
            lines.AddRange(found.Take(PageSize).Select(f => f.Line));
            if (found.Count > PageSize)
                return new(lines, new(found[PageSize - 1].Ordinal, null));
            cursor = new(int.MaxValue, "");
        }
        if (input.State is not (null or PersonState.Skipped))
            return new(lines, null);
        var room = PageSize - lines.Count;
        var skipped = await connection.QueryAsync(r => (Line: OfSkip(r), Number: r.GetString(0)), WithoutMessage,
            [member.TenantId, sending.Id, sending.Month, cursor.Number, room + 1], ct);
        lines.AddRange(skipped.Take(room).Select(s => s.Line));
        var last = room > 0 ? skipped.ElementAtOrDefault(room - 1).Number : cursor.Number;
        return new(lines, skipped.Count > room ? new(int.MaxValue, last) : null);
    }

    private static PersonLine OfMessage(NpgsqlDataReader row)
    {
        var (state, batchWhy) = (Words.Read<PersonState>(row.GetString(8)), row.GetString(2));
        var masked = PhoneNumbers.Mask(row.GetString(0));
        var receipt = row.IsDBNull(4) ? null : row.GetString(4);
        var at = row.GetFieldValue<DateTimeOffset>(3);
        return state switch
        {
            PersonState.Skipped => new(masked, state, "skip", row.GetString(6), row.GetFieldValue<DateTimeOffset>(7)),
            _ when receipt is not null && row.GetBoolean(11) => new(masked, state, "twice", receipt, row.GetFieldValue<DateTimeOffset>(5)),
            _ when receipt is not null => new(masked, state, "receipt", receipt, row.GetFieldValue<DateTimeOffset>(5), Later: row.IsDBNull(12) ? null : row.GetString(12)),
            PersonState.Failed => new(masked, state, "code", batchWhy, at),
            PersonState.InDoubt => new(masked, state, "doubt", batchWhy, at, row.GetBoolean(10)),
            PersonState.Sent when !row.IsDBNull(9) => new(masked, state, "part", row.GetString(9), at, row.GetBoolean(10)),
            PersonState.Waiting => new(masked, state, "", "", null),
            _ => new(masked, state, "", "", at),
        };
    }

    private static PersonLine OfSkip(NpgsqlDataReader row) =>
        new(PhoneNumbers.Mask(row.GetString(0)), PersonState.Skipped, "skip", row.GetString(1), row.GetFieldValue<DateTimeOffset>(2));

    private static NpgsqlParameter Word(PersonState? state) =>
        new() { Value = state is { } s ? Words.Of(s) : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    // The batches in which such people can be: the others need not be looked through.
    private static string[] Batches(PersonState? state) => state switch
    {
        PersonState.Waiting => ["planned", "claimed"],
        PersonState.Sending => ["dispatching"],
        PersonState.Sent => ["accepted", "in_doubt"],
        PersonState.NoReceipt => ["accepted"],
        PersonState.InDoubt => ["in_doubt"],
        PersonState.CalledOff => ["cancelled"],
        PersonState.Delivered => ["accepted", "in_doubt", "refused"],
        PersonState.Failed => ["accepted", "in_doubt", "refused"],
        _ => ["planned", "claimed", "dispatching", "accepted", "refused", "in_doubt", "cancelled"],
    };
}
