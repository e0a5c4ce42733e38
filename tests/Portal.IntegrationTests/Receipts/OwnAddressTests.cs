using Portal.Accounts;
using Portal.Audit;
using Portal.IntegrationTests.Dispatch;
using Portal.Receipts;
using Portal.Tenants;

namespace Portal.IntegrationTests.Receipts;

/// <summary>An address of an account's own: what comes over it, over an old one, over another's, and over none.</summary>
public sealed class OwnAddressTests(PortalFixture portal) : DispatchTest(portal)
{
    private const string First = "8619800000000";
    private const string Second = "8619800000001";
    private const string Third = "8619800000002";

    [Fact]
    public async Task What_comes_over_it_is_applied_and_the_page_tells_when()
    {
        var (sending, task) = await SentAsync();
        var issued = await IssuedAsync();
        Assert.Null(issued.OldUntil);
        Assert.Equal("***", issued.ToString());
        Assert.True(Convert.FromHexString(issued.Token).Length >= 16);
        Assert.Null((await ViewAsync()).Newest!.LastAt);

        await PushAsync(task, First, token: issued.Token);
        await PushAsync(task, Second);
        await UntilAsync(async () => (await CountsAsync(sending)).Delivered == 2, "both are applied");
        var own = (await ViewAsync()).Newest!;
        Assert.Equal((issued.Token[^4..], "Owner"), (own.Last4, own.IssuedByName));
        Assert.NotNull(own.LastAt);
        Assert.Equal(0L, await Portal.Database.AdminScalarAsync<long>($"select count(*) from app.receipt_tokens t where t::text like '%{issued.Token}%'"));
        Assert.Equal(1L, await AuditedAsync(AuditActions.OwnAddressIssued));
    }

    [Fact]
    public async Task After_a_new_one_the_old_one_works_for_a_day()
    {
        var (sending, task) = await SentAsync();
        var old = await IssuedAsync();
        var before = TimeProvider.System.GetUtcNow();
        var issued = await IssuedAsync();
        Assert.InRange(issued.OldUntil!.Value, before + TimeSpan.FromHours(24), TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(24));
        Assert.Equal([null, issued.OldUntil], (await ViewAsync()).Working.Select(w => w.EndsAt), new ToTheMicrosecond());

        await PushAsync(task, First, token: old.Token);
        await PushAsync(task, Second, token: issued.Token);
        await UntilAsync(async () => (await CountsAsync(sending)).Delivered == 2, "both are applied");
        Assert.All((await ViewAsync()).Working, w => Assert.NotNull(w.LastAt));

        await Portal.Database.AdminAsync($"update app.receipt_tokens set ends_at = now() where account_id = '{Account}' and version = 1");
        Assert.Equal(issued.Token[^4..], Assert.Single((await ViewAsync()).Working).Last4);
        await PushAsync(task, Third, token: old.Token);
        await UntilParkedAsync("wrong_token");
        await TryAgainAsync();
        Assert.Equal(2, (await CountsAsync(sending)).Delivered);
    }

    [Fact]
    public async Task What_came_while_the_old_one_worked_is_applied_later_too()
    {
        var (sending, task) = await SentAsync();
        var old = await IssuedAsync();
        await Portal.Database.AdminAsync($"update app.attempts set task_id = null where sending_id = '{sending}'");
        await PushAsync(task, First, token: old.Token);
        await UntilParkedAsync("no_message");
        await Portal.Database.AdminAsync($"""
            update app.receipt_tokens set ends_at = now() where account_id = '{Account}';
            update app.attempts set task_id = '{task}' where sending_id = '{sending}';
            update infra.parked_receipts set next_at = now();
            """);
        await UntilAsync(async () => (await CountsAsync(sending)).Delivered == 1, "it is applied");
    }

    [Fact]
    public async Task Over_anothers_address_and_over_one_that_is_nobodys_it_is_parked_as_if_unknown()
    {
        var (sending, task) = await SentAsync();
        var other = await Portal.NewTenantAsync();
        var theirKey = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        await PutAsync("accounts", new { apikey = theirKey, secret = "0123456789abcdef0123456789abcdef", kind = "both" });
        var input = new AddAccountInput(new AccountSettings("Theirs"), Provider, AccountKind.Both, new TypedKeyPair(theirKey, "0123456789abcdef0123456789abcdef"));
        var theirs = (await Get<AddAccount>().RunAsync(other, input, Ct)).Value;
        var issued = (await Get<IssueOwnAddress>().RunAsync(other, theirs, Ct)).Value;

        await PushAsync(task, First, token: issued.Token);
        await PushAsync(task, Second, token: ReceiptToken.NewToken());
        await PushAsync(task, Third, token: "no token é");
        await UntilParkedAsync("wrong_token", 3);
        await TryAgainAsync();
        Assert.Equal(0, (await CountsAsync(sending)).Delivered);
        Assert.Equal(3L, await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts where tenant_id is null and account_id is null and key_hash is not null"));
        Assert.Null((await Get<OwnAddresses>().RunAsync(other, theirs, Ct))!.Newest!.LastAt);
        Assert.Null(await Get<OwnAddresses>().RunAsync(Owner, theirs, Ct));
    }

    [Fact]
    public async Task With_only_its_own_address_the_others_wait_until_that_is_off()
    {
        var (sending, task) = await SentAsync();
        Assert.Equal("no_own_address", (await Get<TakeOnlyOwnAddress>().RunAsync(Owner, Account, only: true, Ct)).Problems[0].Code);
        var issued = await IssuedAsync();
        Assert.True((await Get<TakeOnlyOwnAddress>().RunAsync(Owner, Account, only: true, Ct)).Ok);
        Assert.NotNull((await ViewAsync()).OnlySince);

        await PushAsync(task, First);
        await PushAsync(task, Second, token: issued.Token);
        await UntilParkedAsync("token_missing");
        await UntilAsync(async () => (await CountsAsync(sending)).Delivered == 1, "the one over its own address is applied");
        // It takes of its account's room, not of the strangers'.
        Assert.Equal(Account, await Portal.Database.AdminScalarAsync<Guid>("select account_id from infra.parked_receipts"));
        await TryAgainAsync();
        Assert.Equal(1, (await CountsAsync(sending)).Delivered);

        Assert.True((await Get<TakeOnlyOwnAddress>().RunAsync(Owner, Account, only: false, Ct)).Ok);
        await TryAgainAsync();
        await UntilAsync(async () => (await CountsAsync(sending)).Delivered == 2, "the other one is matched again");
        Assert.Equal(2L, await AuditedAsync(AuditActions.OwnAddressOnly));
    }

    [Fact]
    public async Task What_came_before_only_its_own_is_taken_as_it_was()
    {
        var (sending, task) = await SentAsync();
        await IssuedAsync();
        await Portal.Database.AdminAsync($"update app.attempts set task_id = null where sending_id = '{sending}'");
        await PushAsync(task, First);
        await UntilParkedAsync("no_message");
        Assert.True((await Get<TakeOnlyOwnAddress>().RunAsync(Owner, Account, only: true, Ct)).Ok);
        await Portal.Database.AdminAsync($"update app.attempts set task_id = '{task}' where sending_id = '{sending}'; update infra.parked_receipts set next_at = now()");
        await UntilAsync(async () => (await CountsAsync(sending)).Delivered == 1, "it is applied");
    }

    [Fact]
    public async Task Withdrawn_it_works_no_more_and_the_common_one_does()
    {
        var (sending, task) = await SentAsync();
        Assert.Equal("no_own_address", (await Get<WithdrawOwnAddress>().RunAsync(Owner, Account, Ct)).Problems[0].Code);
        var old = await IssuedAsync();
        var issued = await IssuedAsync();
        Assert.True((await Get<TakeOnlyOwnAddress>().RunAsync(Owner, Account, only: true, Ct)).Ok);
        Assert.True((await Get<WithdrawOwnAddress>().RunAsync(Owner, Account, Ct)).Ok);
        Assert.Equal((0, null), ((await ViewAsync()).Working.Count, (await ViewAsync()).OnlySince));

        await PushAsync(task, First, token: old.Token);
        await PushAsync(task, Second, token: issued.Token);
        await PushAsync(task, Third);
        await UntilParkedAsync("wrong_token", 2);
        await UntilAsync(async () => (await CountsAsync(sending)).Delivered == 1, "the one over the common address is applied");
        Assert.Equal(1L, await AuditedAsync(AuditActions.OwnAddressWithdrawn));
        // The next one is a new one.
        Assert.NotEqual(issued.Token, (await IssuedAsync()).Token);
    }

    [Fact]
    public async Task A_key_pair_that_is_proven_wakes_what_came_over_its_accounts_address()
    {
        var (sending, task) = await SentAsync();
        var issued = await IssuedAsync();
        var newKey = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        await PushAsync(task, First, apiKey: newKey, token: issued.Token);
        await UntilParkedAsync("unknown_apikey");
        await Portal.Database.AdminAsync("update infra.parked_receipts set next_at = now() + interval '1 hour'");
        await PutAsync("accounts", new { apikey = newKey, secret = "0123456789abcdef0123456789abcdef", kind = "both" });
        Assert.True((await Get<ReplaceKeyPair>().RunAsync(Owner, Account, new TypedKeyPair(newKey, "0123456789abcdef0123456789abcdef"), Ct)).Value.Passed);
        await UntilAsync(async () => (await CountsAsync(sending)).Delivered == 1, "it is applied");
    }

    [Fact]
    public async Task Two_at_once_leave_one_newest()
    {
        await Task.WhenAll(IssuedAsync(), IssuedAsync(), IssuedAsync());
        var view = await ViewAsync();
        Assert.Equal((3, 1), (view.Working.Count, view.Working.Count(w => w.EndsAt is null)));
    }

    [Theory]
    [InlineData(MemberRole.Viewer)]
    [InlineData(MemberRole.Sender)]
    public async Task Only_a_manager_changes_it(MemberRole role)
    {
        var member = Owner with { Role = role };
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<IssueOwnAddress>().RunAsync(member, Account, Ct));
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<WithdrawOwnAddress>().RunAsync(member, Account, Ct));
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<TakeOnlyOwnAddress>().RunAsync(member, Account, only: true, Ct));
    }

    private async Task<(Guid Sending, string TaskId)> SentAsync()
    {
        await Portal.Database.AdminAsync("truncate infra.parked_receipts, infra.receipt_inbox");
        var sending = await PreparedAsync("Hello", await ListAsync(10));
        await StartAsync();
        await UntilQuietAsync(sending);
        return (sending, await OneAsync<string>("select task_id from app.attempts where sending_id = $1", sending));
    }

    private async Task<IssuedAddress> IssuedAsync() => (await Get<IssueOwnAddress>().RunAsync(Owner, Account, Ct)).Value;

    private async Task<OwnAddressView> ViewAsync() => (await Get<OwnAddresses>().RunAsync(Owner, Account, Ct))!;

    private Task<long> AuditedAsync(string action) => OneAsync<long>("select count(*) from app.audit_entries where subject_id = $1 and action = $2", Account, action);

    private Task UntilParkedAsync(string reason, int count = 1) => UntilAsync(
        async () => await Portal.Database.AdminScalarAsync<long>($"select count(*) from infra.parked_receipts where reason = '{reason}'") == count, $"parked: {reason}");

    /// <summary>All that is parked was tried once more.</summary>
    private async Task TryAgainAsync()
    {
        await Portal.Database.AdminAsync("update infra.parked_receipts set tries = 100, next_at = now()");
        await UntilAsync(async () => await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts where tries = 100") == 0, "all are tried again");
    }

    /// <summary>As the database keeps instants.</summary>
    private sealed class ToTheMicrosecond : IEqualityComparer<DateTimeOffset?>
    {
        public bool Equals(DateTimeOffset? x, DateTimeOffset? y) => x is null ? y is null : y is not null && (x.Value - y.Value).Duration() < TimeSpan.FromMicroseconds(1);

        public int GetHashCode(DateTimeOffset? instant) => 0;
    }
}
