using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Contacts;
using Portal.Data;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <param name="ListName">What the list of the refused people is called; a number follows where the name is taken.</param>
public sealed record RetryRefusedInput(Guid CampaignId, string ListName);

/// <summary>
/// Makes a draft for exactly those people of a finished campaign whom the provider refused, with its text and account (role
/// Sender). They are put on a list of their own, so that the review shows them as it shows everybody. Whoever a receipt says
/// was reached after all, and whoever is no contact any more, is left out. <c>campaign_gone</c>, <c>not_finished</c>,
/// <c>nobody_refused</c>.
/// </summary>
public sealed class RetryRefused(PortalDbFactory dbs, TimeProvider clock)
{
    /// <returns>The new draft's id.</returns>
    public async Task<Result<Guid>> RunAsync(Member member, RetryRefusedInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        await using var db = dbs.Create(member.Scope);
        var original = await db.Set<Campaign>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == input.CampaignId, ct);
        if (original is null)
            return new Problem("", "campaign_gone");
        if (!await db.Set<Sending>().AnyAsync(s => s.Id == original.SendingId && s.State == SendingState.Finished, ct))
            return new Problem("", "not_finished");

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        var list = new ContactList { TenantId = member.TenantId, Name = await FreeNameAsync(db, input.ListName, ct), CreatedAt = now };
        var draft = new Campaign
        {
            TenantId = member.TenantId,
            Name = CampaignName.Cut(list.Name),
            AccountId = original.AccountId,
            ListIds = [list.Id],
            Text = original.Text,
            TimeZone = original.TimeZone,
            CreatedBy = member.UserId,
            CreatedByName = CampaignName.Cut(member.Name),
            CreatedAt = now,
            ChangedAt = now,
        };
        db.AddRange(list, draft, member.Entry(AuditActions.ListCreated, list.Id, now, list.Name), member.Note(AuditActions.CampaignDuplicated, draft.Id, now, original.Name));
        await db.SaveChangesAsync(ct);
        if (await FillAsync(db, member, original.SendingId!.Value, list.Id, ct) == 0)
            return new Problem("", "nobody_refused");
        await transaction.CommitAsync(ct);
        return draft.Id;
    }

    private static Task<int> FillAsync(PortalDb db, Member member, Guid sendingId, Guid listId, CancellationToken ct) => db.Database.ExecuteSqlRawAsync($$"""
        insert into app.list_members (tenant_id, list_id, contact_id, number)
        select {0}, {1}, c.id, c.number
        from app.sendings s
        join app.batches b on b.tenant_id = {0} and b.sending_id = s.id and b.state = 'refused'
        cross join {{BatchMessages.Of("b")}} m
        join app.contacts c on c.tenant_id = {0} and c.number = m.number
        where s.tenant_id = {0} and s.id = {2}
          and not exists (select from app.receipts r where r.tenant_id = {0} and r.month = s.month and r.sending_id = s.id and r.number = m.number)
          and not exists (select from app.skips k where k.tenant_id = {0} and k.sending_id = s.id and k.number = m.number)
        """, [member.TenantId, listId, sendingId], ct);

    private static async Task<string> FreeNameAsync(PortalDb db, string wanted, CancellationToken ct)
    {
        const int Room = 6;
        var name = wanted.Trim() is { Length: > ListName.Longest - Room } much ? much[..(ListName.Longest - Room)] : wanted.Trim();
        var taken = await db.Set<ContactList>().Select(l => l.Name).ToListAsync(ct);
        var free = name;
        for (var i = 2; taken.Contains(free, StringComparer.Ordinal); i++)
            free = $"{name} ({i})";
        return free;
    }
}
