using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Audit;

namespace Portal.IntegrationTests.Accounts;

public sealed class AccountStateTests(PortalFixture portal) : AccountsTest(portal)
{
    [Fact]
    public async Task After_a_204_the_account_is_kept_and_the_missing_address_is_known()
    {
        var member = await NewTenantAsync();
        await AtProviderAsync(ApiKey, whitelist: "203.0.113.7");

        var id = (await AddAsync(member)).Value;

        var page = await PageAsync(member, id);
        Assert.Equal((AccountState.Stopped, "204", "127.0.0.1"), (page.State, page.StoppedCode, page.MissingAddress));
        Assert.Equal(KeyPairUse.Waits, Assert.Single(page.KeyPairs).Use);
        Assert.Null(await Get<AccountKeys>().OpenAsync(member.Scope, id, version: null, KeyPairPurpose.Sign, Ct));
        Assert.Empty(await RouteAsync(ApiKey));
        Assert.Equal("127.0.0.1", Get<OutgoingAddresses>().Line);
    }

    [Fact]
    public async Task A_passing_check_lets_an_account_go_on_after_a_204()
    {
        var member = await NewTenantAsync();
        await AtProviderAsync(ApiKey, whitelist: "203.0.113.7");
        var id = (await AddAsync(member)).Value;

        Assert.False((await CheckAsync()).Passed);
        await AtProviderAsync(ApiKey, whitelist: "203.0.113.7,127.0.0.1");
        Assert.True((await CheckAsync()).Passed);

        var page = await PageAsync(member, id);
        Assert.Equal((AccountState.Active, null, null), (page.State, page.StoppedCode, page.MissingAddress));
        Assert.Equal([id], await RouteAsync(ApiKey));
        Assert.Equal(
            [AuditActions.AccountAdded, AuditActions.KeyPairNotProven, AuditActions.AccountStopped, AuditActions.KeyPairNotProven, AuditActions.KeyPairProven, AuditActions.AccountResumed],
            await AuditAsync(member, id));

        async Task<CheckOutcome> CheckAsync() => (await Get<CheckAgain>().RunAsync(member, id, Ct)).Value;
    }

    [Fact]
    public async Task With_configured_addresses_a_204_names_the_configured_one()
    {
        var member = await NewTenantAsync();
        await AtProviderAsync(ApiKey, whitelist: "203.0.113.7");
        await using var services = Build(o => o.OutgoingAddresses = ["203.0.113.18"]);

        var id = (await services.GetRequiredService<AddAccount>().RunAsync(member, Input(), Ct)).Value;

        Assert.Equal("203.0.113.18", (await PageAsync(member, id)).MissingAddress);
    }

    [Theory]
    [InlineData("201", KeyPairUse.Signs)]
    [InlineData("202", KeyPairUse.Signs)]
    [InlineData("203", KeyPairUse.Waits)]
    public async Task Where_the_provider_must_act_the_account_is_kept_and_stopped(string code, KeyPairUse use)
    {
        var member = await NewTenantAsync();
        await FaultAsync(new { kind = "code", code, times = 1 });

        var id = (await AddAsync(member)).Value;

        var page = await PageAsync(member, id);
        Assert.Equal((AccountState.Stopped, code, use), (page.State, page.StoppedCode, Assert.Single(page.KeyPairs).Use));
        Assert.True((await Get<CheckAgain>().RunAsync(member, id, Ct)).Value.Passed);
        Assert.Equal(AccountState.Active, (await PageAsync(member, id)).State);
    }

    [Theory]
    [InlineData("101")]
    [InlineData("102")]
    [InlineData("103")]
    [InlineData("205")]
    [InlineData("206")]
    public async Task A_check_that_fails_stops_an_active_account_and_a_passing_one_resumes_it(string code)
    {
        var member = await NewTenantAsync();
        var id = (await AddAsync(member)).Value;
        await FaultAsync(new { kind = "code", code, times = 1 });

        Assert.Equal(code, (await Get<CheckAgain>().RunAsync(member, id, Ct)).Value.Code);
        Assert.Equal((AccountState.Stopped, code), await StateAsync(member, id));

        Assert.True((await Get<CheckAgain>().RunAsync(member, id, Ct)).Value.Passed);
        Assert.Equal((AccountState.Active, null), await StateAsync(member, id));
    }

    [Fact]
    public async Task A_check_without_an_answer_changes_no_state()
    {
        var member = await NewTenantAsync();
        var id = (await AddAsync(member)).Value;
        await FaultAsync(new { kind = "http500", times = 1 });

        var outcome = (await Get<CheckAgain>().RunAsync(member, id, Ct)).Value;

        Assert.Equal(("server_error", false), (outcome.Code, outcome.Passed));
        Assert.Equal((AccountState.Active, null), await StateAsync(member, id));
        Assert.Equal("server_error", (await PageAsync(member, id)).CheckedCode);
    }

    [Fact]
    public async Task Dispatch_stops_an_account_once_and_the_first_reason_stands()
    {
        var member = await NewTenantAsync();
        var id = (await AddAsync(member)).Value;

        await Get<StopAccount>().RunAsync(member.Scope, id, "204", "198.51.100.9", Ct);
        await Get<StopAccount>().RunAsync(member.Scope, id, "202", missingAddress: null, Ct);

        var page = await PageAsync(member, id);
        Assert.Equal((AccountState.Stopped, "204", "198.51.100.9"), (page.State, page.StoppedCode, page.MissingAddress));
        Assert.NotNull(page.StoppedAt);
        Assert.Single(await AuditAsync(member, id), AuditActions.AccountStopped);
    }

    [Fact]
    public async Task A_disabled_account_is_neither_stopped_nor_resumed_by_anything_but_a_person()
    {
        var member = await NewTenantAsync();
        var id = (await AddAsync(member)).Value;
        Assert.True((await Get<DisableAccount>().RunAsync(member, id, Ct)).Ok);

        await Get<StopAccount>().RunAsync(member.Scope, id, "204", missingAddress: null, Ct);
        Assert.True((await Get<CheckAgain>().RunAsync(member, id, Ct)).Value.Passed);
        Assert.Equal((AccountState.Disabled, null), await StateAsync(member, id));

        Assert.True((await Get<EnableAccount>().RunAsync(member, id, Ct)).Ok);
        Assert.Equal((AccountState.Active, null), await StateAsync(member, id));
    }

    [Fact]
    public async Task What_the_portal_stopped_a_person_may_let_go_on_but_a_refusal_needs_a_check()
    {
        var member = await NewTenantAsync();
        var id = (await AddAsync(member)).Value;

        await Get<StopAccount>().RunAsync(member.Scope, id, "doubts", missingAddress: null, Ct);
        Assert.True((await Get<CheckAgain>().RunAsync(member, id, Ct)).Value.Passed);
        Assert.Equal((AccountState.Stopped, "doubts"), await StateAsync(member, id));
        Assert.True((await Get<EnableAccount>().RunAsync(member, id, Ct)).Ok);
        Assert.Equal((AccountState.Active, null), await StateAsync(member, id));

        await Get<StopAccount>().RunAsync(member.Scope, id, "202", missingAddress: null, Ct);
        Assert.Equal("check_first", Assert.Single((await Get<EnableAccount>().RunAsync(member, id, Ct)).Problems).Code);
    }

    [Fact]
    public async Task An_account_that_never_had_a_proven_pair_does_not_become_active_by_enabling()
    {
        var member = await NewTenantAsync();
        await AtProviderAsync(ApiKey, whitelist: "203.0.113.7");
        var id = (await AddAsync(member)).Value;
        await Get<DisableAccount>().RunAsync(member, id, Ct);

        await Get<EnableAccount>().RunAsync(member, id, Ct);

        Assert.Equal((AccountState.Stopped, "unproven"), await StateAsync(member, id));
    }

    [Fact]
    public async Task A_change_is_saved_with_what_it_was_before()
    {
        var member = await NewTenantAsync();
        var id = (await AddAsync(member)).Value;

        Assert.True((await Get<ChangeAccount>().RunAsync(member, id, new AccountSettings("Lantern", Rate: 20, BatchSize: 10, SenderId: "LANTERN", ReceiptHours: 48), Ct)).Ok);

        Assert.Equal(new AccountSettings("Lantern", 20, 100, 10, "LANTERN", ReceiptHours: 48), (await PageAsync(member, id)).Settings);
        Assert.Equal(4, (await AuditAsync(member, id)).Count(a => a == AuditActions.AccountChanged));
        Assert.Equal("out_of_range", Assert.Single((await Get<ChangeAccount>().RunAsync(member, id, new AccountSettings("Lantern", Rate: 0), Ct)).Problems).Code);
    }

    [Fact]
    public async Task Another_tenants_account_is_not_there()
    {
        var id = (await AddAsync(await NewTenantAsync())).Value;
        var stranger = await NewTenantAsync();

        Assert.Null(await Get<AccountPage>().RunAsync(stranger, id, Ct));
        Assert.Empty(await Get<AccountList>().RunAsync(stranger, Ct));
        Assert.Equal("account_gone", Assert.Single((await Get<CheckAgain>().RunAsync(stranger, id, Ct)).Problems).Code);
        Assert.Equal("account_gone", Assert.Single((await Get<DisableAccount>().RunAsync(stranger, id, Ct)).Problems).Code);
        Assert.Equal("account_gone", Assert.Single((await Get<ChangeAccount>().RunAsync(stranger, id, new AccountSettings("x"), Ct)).Problems).Code);
        Assert.Null(await Get<AccountKeys>().OpenAsync(stranger.Scope, id, version: null, KeyPairPurpose.Sign, Ct));
    }

    private async Task<(AccountState State, string? Code)> StateAsync(Portal.Tenants.Member member, Guid id)
    {
        var page = await PageAsync(member, id);
        return (page.State, page.StoppedCode);
    }
}
