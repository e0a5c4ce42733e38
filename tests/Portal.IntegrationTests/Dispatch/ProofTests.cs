using Npgsql;
using Portal.Accounts;
using Portal.Audit;
using Portal.Data;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>A key pair that a real message is to prove: through the gates of every message, and its answer decides.</summary>
public sealed class ProofTests(PortalFixture portal) : DispatchTest(portal)
{
    private const string Secret = "fedcba9876543210fedcba9876543210";
    private const string Number = "8619800001234";

    private readonly string _apiKey = Convert.ToBase64String(Guid.NewGuid().ToByteArray());

    [Fact]
    public async Task A_message_that_is_taken_proves_the_pair_and_the_account_is_active()
    {
        await AtProviderAsync();
        await StartAsync();
        var account = await AddAsync();
        await UntilAsync(async () => await StateAsync(account) == "active", "the account is active");

        Assert.Equal("000", (await PageAsync(account)).CheckedCode);
        Assert.Equal(KeyPairUse.Signs, Assert.Single((await PageAsync(account)).KeyPairs).Use);
        Assert.Equal(1L, await Portal.Database.AdminScalarAsync<long>($"select count(*) from infra.apikey_index where account_id = '{account}' and not held"));
        Assert.Equal(1, await OneAsync<int>("select key_version from app.attempts where account_id = $1", account));
        Assert.Equal(1L, (await LedgerAsync()).GetProperty("accepted").GetInt64());
        Assert.Null(await Get<TestUnderWay>().RunAsync(Owner, account, Ct));
        Assert.Equal([AuditActions.AccountAdded, AuditActions.TestSent, AuditActions.KeyPairProven], await OneAsync<string[]>("select array(select action from app.audit_entries where subject_id = $1 order by at)", account));
        Assert.Equal(1L, await OneAsync<long>("select count(*) from app.audit_entries where subject_id = $1 and action = 'key_pair_proven' and actor_id is null", account));
    }

    [Fact]
    public async Task Before_the_answer_it_is_saved_unproven_with_one_message_under_way()
    {
        await AtProviderAsync();
        var account = await AddAsync();

        Assert.Equal("unproven", (await PageAsync(account)).StoppedCode);
        Assert.NotNull(await Get<TestUnderWay>().RunAsync(Owner, account, Ct));
        Assert.Equal("test_under_way", Assert.Single((await TestAsync(account)).Problems).Code);
        Assert.Equal(0L, await Portal.Database.AdminScalarAsync<long>($"select count(*) from infra.apikey_index where account_id = '{account}'"));
    }

    [Theory]
    [InlineData(true, "102")]
    [InlineData(false, "101")]
    public async Task A_wrong_pair_stops_the_account_with_the_code_and_the_message_never_goes_again(bool known, string code)
    {
        if (known)
            await AtProviderAsync(secret: "00000000000000000000000000000000");
        await StartAsync();
        var account = await AddAsync();
        await UntilAsync(async () => (await PageAsync(account)).StoppedCode == code, "the account shows the code");

        Assert.True((await PageAsync(account)).EndsByCheck);
        Assert.Equal((1L, "refused", code), await AttemptsAsync(account));
        Assert.Equal("refused", await OneAsync<string>("select state from app.batches where account_id = $1", account));
        Assert.Equal(0L, await Portal.Database.AdminScalarAsync<long>($"select count(*) from infra.apikey_index where account_id = '{account}'"));
    }

    [Fact]
    public async Task An_address_where_nobody_answers_is_shown_and_not_tried_for_ever()
    {
        await StartAsync();
        var account = await AddAsync(address: "http://127.0.0.1:1");
        await UntilAsync(async () => (await PageAsync(account)).CheckedCode == "connection_refused", "the page says why");

        Assert.Equal("unproven", (await PageAsync(account)).StoppedCode);
        Assert.Equal((1L, "not_sent", "connection_refused"), await AttemptsAsync(account));
        Assert.Equal("refused", await OneAsync<string>("select state from app.batches where account_id = $1", account));
        Assert.Null(await Get<TestUnderWay>().RunAsync(Owner, account, Ct));
    }

    [Fact]
    public async Task No_answer_is_a_doubt_and_both_ways_are_open_again()
    {
        await AtProviderAsync();
        await PostAsync("faults", new { kind = "hang", when = "after", times = 1, hangMs = 4000, apikey = _apiKey });
        await StartAsync();
        var account = await AddAsync();
        await UntilAsync(async () => (await PageAsync(account)).CheckedCode == "timed_out", "the page says why");
        Assert.Equal((AccountState.Stopped, "unproven"), ((await PageAsync(account)).State, (await PageAsync(account)).StoppedCode));
        Assert.Equal((1L, "in_doubt", "timed_out"), await AttemptsAsync(account));

        Assert.True((await TestAsync(account)).Ok);
        await UntilAsync(async () => await StateAsync(account) == "active", "the second message proves the pair");
    }

    [Fact]
    public async Task A_check_without_a_message_proves_it_as_well()
    {
        await AtProviderAsync();
        await PostAsync("faults", new { kind = "code999", times = 1, apikey = _apiKey });
        await StartAsync();
        var account = await AddAsync();
        await UntilAsync(async () => (await PageAsync(account)).CheckedCode == "999", "the page says why");

        Assert.True((await Get<CheckAgain>().RunAsync(Owner, account, Ct)).Value.Passed);
        Assert.Equal("active", await StateAsync(account));
    }

    [Fact]
    public async Task A_number_that_the_provider_refuses_proves_the_pair_all_the_same()
    {
        await AtProviderAsync();
        await PostAsync("faults", new { kind = "code", code = "104", times = 1, apikey = _apiKey });
        await StartAsync();
        var account = await AddAsync();
        await UntilAsync(async () => await StateAsync(account) == "active", "the account is active");

        Assert.Equal("104", (await PageAsync(account)).CheckedCode);
        Assert.Equal((1L, "refused", "104"), await AttemptsAsync(account));
    }

    [Theory]
    [InlineData("held")]
    [InlineData("204")]
    [InlineData("doubts")]
    public async Task Nothing_leaves_an_account_that_is_stopped_for_another_reason(string reason)
    {
        await AtProviderAsync();
        var account = await AddAsync();
        await OneAsync<int?>("update app.accounts set stopped_code = $2 where id = $1 returning 1", account, reason);

        Assert.Equal("account_stopped", Assert.Single((await TestAsync(account)).Problems).Code);
        Assert.DoesNotContain(account, await DueAsync());
        var lease = await Lease.AcquireAsync(Portal.Databases, Owner.Scope, account, 30, Ct);
        Assert.Empty(await Get<ClaimBatches>().RunAsync(Owner.Scope, account, lease!, 10, Guid.Empty, Ct));
    }

    [Fact]
    public async Task While_no_pair_is_proven_only_the_message_that_is_to_prove_one_may_leave()
    {
        await AtProviderAsync();
        var account = await AddAsync();
        var proof = await Get<TestUnderWay>().RunAsync(Owner, account, Ct);
        var now = TimeProvider.System.GetUtcNow();
        var other = Sending.ToOne(Owner.TenantId, account, "Another", "8619800005678", now);
        await using (var db = new PortalDbFactory(Portal.Databases).Create(Owner.Scope))
        {
            db.AddRange(other, new SendingCounts { TenantId = Owner.TenantId, SendingId = other.Id });
            await db.SaveChangesAsync();
        }
        await Get<PrepareSending>().RunAsync(Owner.Scope, other.Id, Ct);

        Assert.Contains(account, await DueAsync());
        var lease = await Lease.AcquireAsync(Portal.Databases, Owner.Scope, account, 30, Ct);
        var claimed = Assert.Single(await Get<ClaimBatches>().RunAsync(Owner.Scope, account, lease!, 10, Guid.Empty, Ct));
        Assert.Equal((proof, (int?)1), (claimed.SendingId, claimed.ProvesVersion));
    }

    [Fact]
    public async Task Everything_wrong_is_said_at_its_field_before_anything_is_saved()
    {
        var input = new AddAccountByMessageInput(Input(label: ""), "198 0000 1234", " ");

        var refused = await Get<AddAccountByMessage>().RunAsync(Owner, input, Ct);

        Assert.Equal([("Label", "required"), ("Number", "number_no_country"), ("Text", "text_empty")], refused.Problems.Select(p => (p.Field, p.Code)));
        Assert.Equal(1L, await OneAsync<long>("select count(*) from app.accounts"));
    }

    [Fact]
    public async Task A_number_that_opted_out_gets_no_test_message()
    {
        await OneAsync<int?>("insert into app.suppressions (tenant_id, number, reason, source, at) values ($1, $2, 'opted_out', 'test', now()) returning 1", Owner.TenantId, Number);

        Assert.Equal(("Number", "number_suppressed"), (await TestAsync(Account)).Problems.Select(p => (p.Field, p.Code)).Single());
    }

    [Fact]
    public async Task To_prove_a_pair_takes_a_manager()
    {
        var sender = Owner with { Role = MemberRole.Sender };
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<AddAccountByMessage>().RunAsync(sender, new(Input(), "+" + Number, "Hello"), Ct));
        await AtProviderAsync();
        var account = await AddAsync();
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<SendTest>().RunAsync(sender, account, "+" + Number, "Hello", Ct));
    }

    [Fact]
    public async Task Only_a_test_can_prove_a_pair()
    {
        var sending = await SendingAsync("Hello", await ListAsync(1));

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => OneAsync<int?>("update app.sendings set proves_version = 1 where id = $1 returning 1", sending));
        Assert.Equal("ck_sendings_proves", refusal.ConstraintName);
    }

    private Task AtProviderAsync(string secret = Secret) => PutAsync("accounts", new { apikey = _apiKey, secret, kind = "both", rate = 100, concurrency = 100 });

    private AddAccountInput Input(string label = "By message", string? address = null) =>
        new(new AccountSettings(label), address ?? Provider, AccountKind.Both, new TypedKeyPair(_apiKey, Secret));

    private async Task<Guid> AddAsync(string? address = null) =>
        (await Get<AddAccountByMessage>().RunAsync(Owner, new(Input(address: address), "+" + Number, "Hello, is it me?"), Ct)).Value;

    private Task<Result<Guid>> TestAsync(Guid account) => Get<SendTest>().RunAsync(Owner, account, "+" + Number, "Hello", Ct);

    private async Task<AccountView> PageAsync(Guid account) => (await Get<AccountPage>().RunAsync(Owner, account, Ct))!;

    private Task<string> StateAsync(Guid account) => OneAsync<string>("select state from app.accounts where id = $1", account);

    private async Task<(long Attempts, string State, string Why)> AttemptsAsync(Guid account) => (
        await OneAsync<long>("select count(*) from app.attempts where account_id = $1", account),
        await OneAsync<string>("select state from app.attempts where account_id = $1", account),
        await OneAsync<string>("select coalesce(why, code) from app.attempts where account_id = $1", account));

    private async Task<List<Guid>> DueAsync()
    {
        var due = new List<Guid>();
        await using var command = Portal.Databases[DatabaseRole.Dispatch].CreateCommand("select account_id from infra.due_work()");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            due.Add(reader.GetGuid(0));
        return due;
    }
}
