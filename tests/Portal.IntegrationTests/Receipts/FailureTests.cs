using Portal.Accounts;
using Portal.Data;
using Portal.Dispatch;
using Portal.IntegrationTests.Dispatch;
using Portal.Tenants;

namespace Portal.IntegrationTests.Receipts;

/// <summary>Receipts of one tenant that cannot be applied stop nobody else's, and are applied once it is over.</summary>
public sealed class FailureTests(PortalFixture portal) : DispatchTest(portal)
{
    private const string First = "8619800000000";
    private const string Second = "8619800000001";
    private const string Secret = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_fails_for_one_tenant_waits_and_the_others_go_on(bool parked)
    {
        await Portal.Database.AdminAsync("truncate infra.parked_receipts, infra.receipt_inbox");
        await StartAsync();
        var (other, theirKey) = (await Portal.NewTenantAsync(), Convert.ToBase64String(Guid.NewGuid().ToByteArray()));
        await PutAsync("accounts", new { apikey = theirKey, secret = Secret, kind = "both" });
        var input = new AddAccountInput(new AccountSettings("Theirs"), Provider, AccountKind.Both, new TypedKeyPair(theirKey, Secret));
        var theirs = await Attempted.SendingAsync(Portal, other, (await Get<AddAccount>().RunAsync(other, input, Ct)).Value, "accepted", parked ? null : "222");
        var mine = await Attempted.SendingAsync(Portal, Owner, Account, "accepted", parked ? null : "111");
        await Portal.Database.AdminAsync($"""
            create or replace function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
            create trigger refuse before insert on app.receipts for each row when (new.tenant_id = '{other.TenantId}') execute function public.refuse();
            """);
        try
        {
            await PushAsync("222", First, apiKey: theirKey);
            await PushAsync("111", First);
            await PushAsync("222", Second, apiKey: theirKey);
            await PushAsync("111", Second);
            if (parked)
            {
                await UntilAsync(async () => await CountAsync("infra.parked_receipts") == 4, "all wait for their replies");
                await Portal.Database.AdminAsync($"""
                    update app.attempts set task_id = '222' where sending_id = '{theirs}';
                    update app.attempts set task_id = '111' where sending_id = '{mine}';
                    update infra.parked_receipts set next_at = now();
                    """);
            }
            await UntilAsync(async () => await DeliveredAsync(Owner, mine) == 2, "those of the other tenant are applied");
            Assert.Equal(0, await DeliveredAsync(other, theirs));
            Assert.Equal(2L, await CountAsync(parked ? "infra.parked_receipts" : "infra.receipt_inbox"));
        }
        finally
        {
            await Portal.Database.AdminAsync("drop trigger refuse on app.receipts; update infra.parked_receipts set next_at = now()");
        }
        // One that fails just now gets its next time after this.
        await UntilAsync(async () =>
        {
            await Portal.Database.AdminAsync("update infra.parked_receipts set next_at = now()");
            return await DeliveredAsync(other, theirs) == 2;
        }, "they are applied");
        Assert.Equal(2, await DeliveredAsync(Owner, mine));
        await UntilAsync(async () => await CountAsync("infra.receipt_inbox") + await CountAsync("infra.parked_receipts") == 0, "nothing is left over");
    }

    private Task<long> CountAsync(string table) => Portal.Database.AdminScalarAsync<long>($"select count(*) from {table}");

    private async Task<int> DeliveredAsync(Member tenant, Guid sending)
    {
        await using var db = new PortalDbFactory(Portal.Databases).Create(tenant.Scope);
        return (await db.FindAsync<SendingCounts>([tenant.TenantId, sending]))!.Delivered;
    }
}
