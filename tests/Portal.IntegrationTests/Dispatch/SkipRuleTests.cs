using Portal.Accounts;
using Portal.Contacts;
using Portal.Data;
using Portal.Dispatch;
using Portal.Members;
using Portal.Tenants;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>Whom the tenant's rules keep out when a sending is prepared.</summary>
public sealed class SkipRuleTests(PortalFixture portal) : DispatchTest(portal)
{
    [Theory]
    [InlineData("Hello")]
    [InlineData("Hello {{name}}")]
    public async Task Only_countries_that_were_allowed_are_written_to(string text)
    {
        var list = await PeopleAsync(("8619800000001", "CN"), ("6581000001", "SG"), ("6581000002", null), ("66812345678", "TH"), ("12125550100", "US"), ("14165550100", "CA"), ("8821234567", null));
        Assert.Equal(["12125550100", "14165550100", "6581000001", "6581000002", "66812345678", "8821234567"], await SkippedAsync(await PreparedAsync(text, list), "country"));

        Assert.True((await Get<ChangeCountries>().RunAsync(Owner, ["SG", "CA"], Ct)).Ok);
        // The United States share the calling code of Canada, and stay out.
        Assert.Equal(["12125550100", "66812345678", "8821234567"], await SkippedAsync(await PreparedAsync(text, list), "country"));
    }

    [Fact]
    public async Task A_country_that_nobody_knows_is_refused_and_only_managers_decide()
    {
        Assert.Equal("country_unknown", Assert.Single((await Get<ChangeCountries>().RunAsync(Owner, ["XX"], Ct)).Problems).Code);
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<ChangeCountries>().RunAsync(Owner with { Role = MemberRole.Sender }, [], Ct));
    }

    [Fact]
    public async Task An_import_keeps_the_country_of_each_number()
    {
        var import = (await Get<PasteNumbers>().RunAsync(Owner, new("number\n+86 138 0013 8000\n+1 212 555 0100\n+1 416 555 0100"), Ct)).Value;
        var seen = (await Get<PreviewImport>().RunAsync(Owner, new(import, "CN"), Ct)).Value;
        Assert.True((await Get<RunImport>().RunAsync(Owner, new(import, seen.Layout, new ImportMapping(0, [null]), null, "Abroad", "CN"), Ct)).Ok);
        Assert.Equal(["US", "CA", "CN"], await OneAsync<string[]>("select array_agg(country::text order by number) from app.contacts"));
    }

    [Fact]
    public async Task In_trial_only_own_numbers_are_written_to_and_fifty_a_day()
    {
        await TrialAsync();
        Assert.True((await Get<AddOwnNumber>().RunAsync(Owner, "19800000002", Ct)).Ok);
        var list = await ListAsync(60);
        var sending = await PreparedAsync("Hello", list);
        Assert.Equal(59, (await SkippedAsync(sending, "trial")).Length);
        Assert.Equal("8619800000002", await OneAsync<string>("select number from app.messages where sending_id = $1", sending));

        var lease = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 60, Ct))!;
        var batch = Assert.Single(await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 10, Guid.Empty, Ct));
        await Portal.Database.AdminAsync($"insert into app.usage (tenant_id, day, account_id, slot, messages, segments) select '{Owner.TenantId}', (now() at time zone 'Asia/Shanghai')::date, '{Account}', 0, 50, 50");
        Assert.Equal("full:trial_messages", await BeginAsync(lease, batch));

        Assert.True((await Get<LiftTrial>().RunAsync(Operator.Console, Owner.TenantId, Ct)).Ok);
        Assert.Null(await BeginAsync(lease, batch));
        Assert.Empty(await SkippedAsync(await PreparedAsync("Hello again", list), "trial"));
        Assert.Equal("not_in_trial", Assert.Single((await Get<LiftTrial>().RunAsync(Operator.Console, Owner.TenantId, Ct)).Problems).Code);
        Assert.Equal(1L, await OneAsync<long>("select count(*) from app.audit_entries where action = 'trial_lifted'"));
    }

    [Fact]
    public async Task A_test_message_keeps_the_same_rules()
    {
        Assert.Equal("number_country", await TestAsync("+66 81 234 5678"));
        await TrialAsync();
        Assert.Equal("number_trial", await TestAsync("+86 198 0000 0001"));
        Assert.True((await Get<AddOwnNumber>().RunAsync(Owner, "+86 198 0000 0001", Ct)).Ok);
        Assert.Null(await TestAsync("+86 198 0000 0001"));
    }

    [Fact]
    public async Task There_is_room_for_five_own_numbers_however_many_come_at_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Get<AddOwnNumber>().RunAsync(Owner, $"1980000000{i}", Ct)));
        Assert.Equal(5, results.Count(r => r.Ok));
        Assert.All(results.Where(r => !r.Ok), r => Assert.Equal("own_full", Assert.Single(r.Problems).Code));
        var first = (await Get<OwnNumbers>().RunAsync(Owner, Ct))[0].Number;
        Assert.Equal("own_full", Assert.Single((await Get<AddOwnNumber>().RunAsync(Owner, "19811111111", Ct)).Problems).Code);
        Assert.True((await Get<RemoveOwnNumber>().RunAsync(Owner, first, Ct)).Ok);
        Assert.True((await Get<AddOwnNumber>().RunAsync(Owner, "19811111111", Ct)).Ok);
        Assert.Equal("own_known", Assert.Single((await Get<AddOwnNumber>().RunAsync(Owner, "19811111111", Ct)).Problems).Code);
        Assert.Equal("number_too_short", Assert.Single((await Get<AddOwnNumber>().RunAsync(Owner, "123", Ct)).Problems).Code);
    }

    [Theory]
    [InlineData("Hello")]
    [InlineData("Hello {{name}}")]
    public async Task Whom_campaigns_reached_often_enough_is_left_out(string text)
    {
        Assert.True((await Get<ChangeSendingRules>().RunAsync(Owner, new(null, 2, 7), Ct)).Ok);
        var (all, half) = (await ListAsync(40), await ListAsync(20));
        var (one, two, three) = (await PreparedAsync("One", all), await PreparedAsync("Two", half), await PreparedAsync("Three", all));
        await SettleAsync(one, "accepted");
        await SettleAsync(two, "in_doubt");
        // Refused ones reached nobody.
        await SettleAsync(three, "refused");
        var capped = await PreparedAsync(text, all);
        Assert.Equal(Enumerable.Range(0, 20).Select(n => $"{8619800000000 + n}"), await SkippedAsync(capped, "frequency"));
        Assert.Equal(20L, await OneAsync<long>("select count(*) from app.messages where sending_id = $1", capped));

        // A week later they may be written to again.
        await Portal.Database.AdminAsync($"update app.batches set changed_at = changed_at - interval '8 days' where sending_id = '{one}'");
        Assert.Empty(await SkippedAsync(await PreparedAsync(text + "!", all), "frequency"));
    }

    private async Task SettleAsync(Guid sending, string state) =>
        await Portal.Database.AdminAsync($"update app.batches set state = '{state}' where sending_id = '{sending}'");

    private Task TrialAsync() => Portal.Database.AdminAsync($"insert into app.trials (tenant_id, since) values ('{Owner.TenantId}', now())");

    private async Task<string?> TestAsync(string number)
    {
        var result = await Get<SendTest>().RunAsync(Owner, Account, number, "Hello", Ct);
        return result.Ok ? null : Assert.Single(result.Problems).Code;
    }

    private Task<string[]> SkippedAsync(Guid sending, string reason) =>
        OneAsync<string[]>("select coalesce(array_agg(number::text order by number), '{}') from app.skips where sending_id = $1 and reason = $2", sending, reason);

    private async Task<Guid> PeopleAsync(params (string Number, string? Country)[] people)
    {
        var list = await ListAsync(0);
        foreach (var (number, country) in people)
        {
            await OneAsync<int?>("""
                with added as (
                    insert into app.contacts (tenant_id, id, number, country, fields, created_at)
                    values ($1, gen_random_uuid(), $3, nullif($4, ''), '{"name": "Li"}', now()) returning id, number)
                insert into app.list_members (tenant_id, list_id, contact_id, number) select $1, $2, id, number from added returning 1
                """, Owner.TenantId, list, number, country ?? "");
        }
        return list;
    }
}
