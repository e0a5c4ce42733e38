using Portal.Data;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.IntegrationTests.Receipts;

internal static class Attempted
{
    /// <summary>A sending to ten people whose only request ended like this. It began an hour ago.</summary>
    public static async Task<Guid> SendingAsync(PortalFixture portal, Member tenant, Guid account, string state, string? task)
    {
        var now = TimeProvider.System.GetUtcNow();
        var sending = Sending.Create(tenant.TenantId, account, SendingKind.Campaign, "Hello", [], 10, now, now);
        (sending.State, sending.PreparedAt) = (SendingState.Finished, now);
        await using (var db = new PortalDbFactory(portal.Databases).Create(tenant.Scope))
        {
            db.AddRange(sending, new SendingCounts { TenantId = tenant.TenantId, SendingId = sending.Id, Accepted = state == "accepted" ? 10 : 0, InDoubt = state == "accepted" ? 0 : 10 });
            await db.SaveChangesAsync();
        }
        await portal.Database.AdminAsync($"""
            update app.sendings set messages = 10 where id = '{sending.Id}';
            insert into app.messages (tenant_id, month, sending_id, number, ordinal)
            select s.tenant_id, s.month, s.id, (8619800000000 + n)::text, n from app.sendings s, generate_series(0, 9) n where s.id = '{sending.Id}';
            insert into app.batches (tenant_id, sending_id, batch_no, account_id, first_ordinal, last_ordinal, numbers, text_no, state, why, fence, attempts, not_before, changed_at)
            select '{tenant.TenantId}', '{sending.Id}', 0, '{account}', 0, 9, array(select 8619800000000 + n from generate_series(0, 9) n), 0, '{state}', {(state == "in_doubt" ? "'timeout'" : "null")}, 1, 1, now(), now();
            insert into app.attempts (tenant_id, sending_id, batch_no, attempt_no, account_id, fence, key_version, timestamp, numbers, own_segments, granted_at, state, started_at, ended_at, code, task_id)
            select '{tenant.TenantId}', '{sending.Id}', 0, 1, '{account}', 1, 1, '20261122174200', 10, 10, now(), '{state}', now() - interval '1 hour', now(),
                   {(state == "accepted" ? "'000'" : "null")}, {(task is null ? "null" : $"'{task}'")};
            """);
        return sending.Id;
    }
}
