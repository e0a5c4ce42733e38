using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Audit;
using Portal.Tenants;

namespace Portal.IntegrationTests.Accounts;

public sealed class AddAccountTests(PortalFixture portal) : AccountsTest(portal)
{
    [Fact]
    public async Task A_right_key_pair_is_proven_and_the_account_is_active()
    {
        var member = await NewTenantAsync();

        var id = (await AddAsync(member)).Value;

        var page = await PageAsync(member, id);
        Assert.Equal((AccountState.Active, "104"), (page.State, page.CheckedCode));
        var pair = Assert.Single(page.KeyPairs);
        Assert.Equal((ApiKey[^4..], "Owner", KeyPairUse.Signs), (pair.ApiKeyLast4, pair.SetByName, pair.Use));
        Assert.NotNull(pair.ProvenAt);
        Assert.Equal([id], await RouteAsync(ApiKey));
        Assert.Equal([AuditActions.AccountAdded, AuditActions.KeyPairProven], await AuditAsync(member, id));
    }

    [Fact]
    public async Task Proving_sends_nothing()
    {
        await AddAsync(await NewTenantAsync());

        var ledger = JsonNode.Parse(await LedgerAsync())!;
        Assert.Equal(0, ledger["accepted"]!.GetValue<long>());
        Assert.Equal(1, ledger["requests"]!.GetValue<long>());
    }

    [Theory]
    [InlineData("101", "ApiKey", "wrong_apikey")]
    [InlineData("102", "Secret", "wrong_key_pair")]
    [InlineData("205", "Secret", "no_secret_at_provider")]
    [InlineData("206", "Kind", "call_not_granted")]
    [InlineData("777", "", "unknown_code")]
    public async Task A_refused_key_pair_is_said_at_its_field_and_nothing_is_saved(string code, string field, string problem)
    {
        var member = await NewTenantAsync();
        await FaultAsync(new { kind = "code", code });

        await RefusedAsync(member, Input(), field, problem);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_by_the_signature_alone() =>
        await RefusedAsync(await NewTenantAsync(), Input(secret: Secret.Replace('0', '1')), "Secret", "wrong_key_pair");

    [Fact]
    public async Task An_apikey_is_never_changed_in_case_or_trimmed() =>
        await RefusedAsync(await NewTenantAsync(), Input(apiKey: ApiKey.ToLowerInvariant()), "ApiKey", "wrong_apikey");

    [Theory]
    [InlineData("code999", "", "provider_trouble")]
    [InlineData("http503", "", "provider_trouble")]
    [InlineData("garbage", "BaseAddress", "not_the_provider")]
    [InlineData("redirect", "BaseAddress", "not_the_provider")]
    [InlineData("reset", "BaseAddress", "no_answer")]
    public async Task An_answer_that_proves_nothing_saves_nothing(string kind, string field, string problem)
    {
        var member = await NewTenantAsync();
        await FaultAsync(new { kind });

        await RefusedAsync(member, Input(), field, problem);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "connection_refused")]
    [InlineData("http://no-such-host.invalid", "name_not_resolved")]
    public async Task An_address_that_does_not_answer_is_said_at_the_address(string address, string problem) =>
        await RefusedAsync(await NewTenantAsync(), Input(baseAddress: address), "BaseAddress", problem);

    [Fact]
    public async Task A_path_before_the_calls_belongs_to_the_base_address()
    {
        var member = await NewTenantAsync();

        var id = (await AddAsync(member, Input(baseAddress: BaseAddress + "/smscoreapi/"))).Value;

        var page = await PageAsync(member, id);
        Assert.Equal((AccountState.Active, BaseAddress + "/smscoreapi"), (page.State, page.BaseAddress));
    }

    [Fact]
    public async Task A_clock_that_is_hours_off_is_said_and_nothing_is_saved()
    {
        var member = await NewTenantAsync();
        MoveProvidersClock(TimeSpan.FromHours(3));

        await RefusedAsync(member, Input(), "", "wrong_clock");
    }

    [Fact]
    public async Task Private_addresses_are_refused_unless_allowed()
    {
        var member = await NewTenantAsync();
        await using var strict = Build(o => o.AllowPrivateAddresses = false);

        var result = await strict.GetRequiredService<AddAccount>().RunAsync(member, Input(), Ct);

        Assert.Equal(("BaseAddress", "address_not_allowed"), (Assert.Single(result.Problems).Field, result.Problems[0].Code));
        Assert.Equal(0, JsonNode.Parse(await LedgerAsync())!["requests"]!.GetValue<long>());
        Assert.Equal(0, await CountAsync(member));
    }

    [Fact]
    public async Task Http_is_refused_unless_allowed()
    {
        await using var strict = Build(o => o.AllowHttp = false);

        var result = await strict.GetRequiredService<AddAccount>().RunAsync(await NewTenantAsync(), Input(), Ct);

        Assert.Equal("address_http", Assert.Single(result.Problems).Code);
    }

    [Theory]
    [InlineData("", "required")]
    [InlineData("api.example.com", "address_form")]
    [InlineData("ftp://api.example.com", "address_form")]
    [InlineData("https://me:you@api.example.com", "address_extra")]
    [InlineData("https://api.example.com/?a=1", "address_extra")]
    [InlineData("https://api.example.com/#a", "address_extra")]
    [InlineData("https://api.example.com/outauth/send", "address_of_call")]
    public async Task A_base_address_of_another_form_is_refused(string address, string problem) =>
        await RefusedAsync(await NewTenantAsync(), Input(baseAddress: address), "BaseAddress", problem);

    [Theory]
    [InlineData("", "required")]
    [InlineData(" abcdefgh", "has_blanks")]
    [InlineData("abcd\nefgh", "has_blanks")]
    [InlineData("abcdefgh\u200B", "has_blanks")]
    public async Task A_key_pair_with_something_unseen_in_it_is_refused_not_trimmed(string typed, string problem)
    {
        var member = await NewTenantAsync();
        await RefusedAsync(member, Input(apiKey: typed), "ApiKey", problem);
        await RefusedAsync(member, Input(secret: typed), "Secret", problem);
    }

    [Fact]
    public async Task A_label_is_used_once_in_a_tenant()
    {
        var member = await NewTenantAsync();
        Assert.True((await AddAsync(member)).Ok);

        var second = await AddAsync(member, Input(label: " Lantern SEA "));

        Assert.Equal(("Label", "label_taken"), (Assert.Single(second.Problems).Field, second.Problems[0].Code));
        Assert.True((await AddAsync(await NewTenantAsync(), Input(apiKey: ApiKey))).Ok);
    }

    [Fact]
    public async Task All_mistakes_are_said_at_once()
    {
        var settings = new AccountSettings("", Rate: 0, Concurrency: 0, BatchSize: 1001, SenderId: "x");
        var input = new AddAccountInput(settings, "", AccountKind.Both, new TypedKeyPair("", ""));

        var result = await AddAsync(await NewTenantAsync(), input);

        Assert.Equal(["Label", "Rate", "Concurrency", "BatchSize", "SenderId", "BaseAddress", "ApiKey", "Secret"], result.Problems.Select(p => p.Field));
    }

    [Fact]
    public async Task A_sender_may_not_add_an_account()
    {
        var member = await NewTenantAsync() with { Role = MemberRole.Sender };

        await Assert.ThrowsAsync<NotAllowedException>(() => AddAsync(member));
    }

    private async Task RefusedAsync(Member member, AddAccountInput input, string field, string code)
    {
        var result = await AddAsync(member, input);

        var problem = Assert.Single(result.Problems);
        Assert.Equal((field, code), (problem.Field, problem.Code));
        Assert.Equal(0, await CountAsync(member));
        Assert.Empty(await RouteAsync(ApiKey));
    }
}
