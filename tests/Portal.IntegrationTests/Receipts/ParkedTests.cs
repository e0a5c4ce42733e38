using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.IntegrationTests.Dispatch;
using Portal.Receipts;

namespace Portal.IntegrationTests.Receipts;

/// <summary>Receipts that match nothing yet: how many are kept, for how long, and what brings them back.</summary>
public sealed class ParkedTests(PortalFixture portal) : DispatchTest(portal)
{
    protected override void Change(IServiceCollection services) => services.Configure<ReceiptsOptions>(o => o.ParkedMost = 20);

    [Fact]
    public async Task Strangers_fill_their_half_and_leave_the_other_one_to_accounts()
    {
        await BeginAsync();
        for (var n = 0; n < 30; n++)
            await PushAsync("1", "8619800000000", apiKey: "nobody" + n);
        await UntilInboxEmptyAsync();
        Assert.Equal(10L, await ParkedAsync("unknown_apikey"));
        for (var n = 0; n < 30; n++)
            await PushAsync("2", "8619800000000");
        await UntilInboxEmptyAsync();
        Assert.Equal(10L, await ParkedAsync("no_message"));
        Assert.Equal(20L, await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts"));
    }

    [Fact]
    public async Task Room_that_is_made_is_used_again()
    {
        await BeginAsync();
        for (var n = 0; n < 12; n++)
            await PushAsync("1", "8619800000000", apiKey: "nobody");
        await UntilInboxEmptyAsync();
        await Portal.Database.AdminAsync("truncate infra.parked_receipts");
        await UntilAsync(async () =>
        {
            await PushAsync("1", "8619800000000", apiKey: "nobody");
            await UntilInboxEmptyAsync();
            return await ParkedAsync("unknown_apikey") > 0;
        }, "there is room again", seconds: 40);
    }

    [Fact]
    public async Task What_nobody_claimed_in_72_hours_is_gone()
    {
        await Portal.Database.AdminAsync("""
            truncate infra.parked_receipts, infra.receipt_inbox;
            insert into infra.parked_receipts (id, received_at, reason, sealed, next_at)
            values (1, now() - interval '73 hours', 'unknown_apikey', '\x00', now() + interval '1 hour'),
                   (2, now() - interval '71 hours', 'unknown_apikey', '\x00', now() + interval '1 hour');
            """);
        await StartAsync();
        await UntilAsync(async () => await ParkedAsync("unknown_apikey") == 1, "the older one is gone");
        Assert.Equal(2L, await Portal.Database.AdminScalarAsync<long>("select id from infra.parked_receipts"));
    }

    [Fact]
    public async Task What_does_not_open_waits_with_the_others_and_stops_nothing()
    {
        var (sending, task) = await SentAsync();
        await Portal.Database.AdminAsync("insert into infra.parked_receipts (id, received_at, reason, sealed, next_at, tries) values (1, now(), 'no_message', '\\x00ff', now(), 7)");
        await PushAsync(task, "8619800000000");
        await UntilAsync(async () => (await CountsAsync(sending)).Delivered == 1, "the good one is applied");
        // A key that is missing today may be there tomorrow.
        await UntilAsync(async () => await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts where tries > 7 and next_at > now() + interval '30 minutes'") == 1, "the broken one waits");
    }

    [Fact]
    public async Task An_account_that_is_added_wakes_what_came_for_it_before_and_only_that()
    {
        var apiKey = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        await PutAsync("accounts", new { apikey = apiKey, secret = "0123456789abcdef0123456789abcdef", kind = "both" });
        await BeginAsync();
        await PushAsync("777", "8619800000000", apiKey: apiKey);
        await PushAsync("777", "8619800000000", apiKey: "nobody");
        await UntilAsync(async () => await ParkedAsync("unknown_apikey") == 2, "both are parked");
        await Portal.Database.AdminAsync("update infra.parked_receipts set next_at = now() + interval '1 hour', tries = 9");

        var input = new AddAccountInput(new AccountSettings("Later"), Provider, AccountKind.Both, new TypedKeyPair(apiKey, "0123456789abcdef0123456789abcdef"));
        Assert.True((await Get<AddAccount>().RunAsync(Owner, input, Ct)).Ok);
        await UntilAsync(async () => await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts where tries = 10") == 1, "one was tried again");
        Assert.Equal(1L, await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts where tries = 9"));
    }

    private async Task BeginAsync()
    {
        await Portal.Database.AdminAsync("truncate infra.parked_receipts, infra.receipt_inbox");
        await StartAsync();
    }

    private async Task<(Guid Sending, string TaskId)> SentAsync()
    {
        var sending = await PreparedAsync("Hello", await ListAsync(10));
        await BeginAsync();
        await UntilQuietAsync(sending);
        return (sending, await OneAsync<string>("select task_id from app.attempts where sending_id = $1", sending));
    }

    private Task<long> ParkedAsync(string reason) => Portal.Database.AdminScalarAsync<long>($"select count(*) from infra.parked_receipts where reason = '{reason}'");
}
