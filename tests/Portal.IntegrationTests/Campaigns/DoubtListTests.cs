using Portal.Campaigns;
using Portal.Dispatch;
using Portal.IntegrationTests.Dispatch;

namespace Portal.IntegrationTests.Campaigns;

/// <summary>What the pages tell of doubts, doubles and requests that were taken in part.</summary>
public sealed class DoubtListTests(PortalFixture portal) : DoubtTest(portal)
{
    private const string First = "8619800000000";
    private const string Second = "8619800000001";

    [Fact]
    public async Task Each_request_in_doubt_is_listed_with_its_reason_its_receipts_and_from_when_it_may_be_sent_again()
    {
        var sending = await InDoubtAsync(people: 20, requests: 2);
        var campaign = await CampaignAsync(sending);
        var task = await TaskOfAsync(First);
        await PushAsync(task, First);
        await PushAsync(task, Second);
        await UntilToldAsync(sending, 2);
        await Portal.Database.AdminAsync($"update app.attempts set started_at = started_at - interval '73 hours', timestamp = '20260101000000' where sending_id = '{sending}' and batch_no = 1");

        var listed = Assert.Single(await ListAsync(campaign));
        Assert.Equal((sending, (Guid?)campaign, "Winter tasting", "Test"), (listed.SendingId, listed.CampaignId, listed.Name, listed.AccountLabel));
        Assert.Equal((2L, 18L, 1L, 10L, false), (listed.Batches, listed.People, listed.Due, listed.DuePeople, listed.Cancelled));
        var (old, young) = (listed.Requests[0], listed.Requests[1]);
        Assert.Equal((1, "unreadable", 10, 0, true), (old.BatchNo, old.Why, old.People, old.Receipts, old.Unknown));
        Assert.Equal(new DateTimeOffset(2025, 12, 31, 18, 10, 0, TimeSpan.Zero), old.MaySendFrom);
        Assert.Equal((0, 10, 2, 8, false), (young.BatchNo, young.People, young.Receipts, young.Untold, young.Unknown));
        Assert.Equal(3, young.Masked.Count);
        Assert.All(young.Masked, m => Assert.Contains('•', m));
        Assert.Empty(await ListAsync(Guid.NewGuid()));
        var stranger = await Portal.NewTenantAsync();
        Assert.Empty(await new DoubtList(Portal.Databases).RunAsync(stranger, null, Ct));
    }

    [Fact]
    public async Task A_double_is_shown_at_the_campaign_and_at_the_person()
    {
        var sending = await InDoubtAsync();
        var campaign = await CampaignAsync(sending);
        var task = await TaskOfAsync(First);
        await AgeAsync(sending);
        Assert.True((await Get<SendAgain>().RunAsync(Owner, new(sending), Ct)).Ok);
        await UntilAsync(async () => (await CountsAsync(sending)).Accepted == 10, "it is sent again");
        Assert.Equal(new Doubles(0, 0), (await PageAsync(campaign)).Doubles);
        await PushAsync(task, First);
        await PushAsync(task, Second);
        await PushAsync(await OneAsync<string>("select task_id from app.attempts where sending_id = $1 and attempt_no = 2", sending), First);
        await UntilToldAsync(sending, 3);
        Assert.Equal(new Doubles(0, 1), (await PageAsync(campaign)).Doubles);
        var people = (await new CampaignPeople(Portal.Databases).RunAsync(Owner, new(campaign, PersonState.Delivered), Ct)).Lines;
        Assert.Equal(["twice", "receipt"], people.Select(p => p.Why));

        await ReplyAsync(sending, "000", task);
        Assert.Equal(new Doubles(10, 1), (await PageAsync(campaign)).Doubles);
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task A_request_that_was_taken_in_part_says_so_until_receipts_or_three_days_settle_each()
    {
        var sending = await PreparedAsync("Hello", await ListAsync(10));
        var campaign = await CampaignAsync(sending);
        await RecordAsync(validNumber: 7, segments: 14);
        var page = await PageAsync(campaign);
        Assert.Equal((3L, 14L, 10L), (page.NotTaken, page.Segments, page.OwnSegments));
        await StartAsync();
        await PushAsync("55", First);
        await UntilToldAsync(sending, 1);
        var people = (await new CampaignPeople(Portal.Databases).RunAsync(Owner, new(campaign), Ct)).Lines;
        Assert.Equal([(PersonState.Delivered, "receipt", "DELIVRD", false), (PersonState.Sent, "part", "7/10", false)], people.Take(2).Select(p => (p.State, p.Why, p.Word, p.Unknown)));
        await Portal.Database.AdminAsync($"update app.batches set changed_at = changed_at - interval '73 hours' where sending_id = '{sending}'");
        people = (await new CampaignPeople(Portal.Databases).RunAsync(Owner, new(campaign, PersonState.Sent), Ct)).Lines;
        Assert.Equal(9, people.Count(p => p.Unknown));
        await AssertCountsAsync(sending);
    }

    private async Task RecordAsync(int validNumber, int segments)
    {
        var lease = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 30, Ct))!;
        var batch = Assert.Single(await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 1, Guid.Empty, Ct));
        using var signed = await SignedAsync(lease, batch);
        Assert.Null(await Get<BeginAttempt>().RunAsync(Owner.Scope, Account, lease, signed, (await Get<RestoreFence>().TakeAsync(Ct))!, TimeProvider.System.GetUtcNow(), Ct));
        var answer = new Sms.Provider.ProviderAnswer { Kind = Sms.Provider.AnswerKind.Accepted, Code = "000", TaskId = "55", ValidNumber = validNumber, Segments = segments };
        await Get<RecordOutcome>().RunAsync(Owner.Scope, Account, batch, 10, Outcome.Of(answer, 10) with { OwnSegments = 10 }, Ct);
        await lease.ReleaseAsync(Ct);
    }

    private Task<IReadOnlyList<DoubtfulSending>> ListAsync(Guid campaign) => new DoubtList(Portal.Databases).RunAsync(Owner, campaign, Ct);

    private async Task<CampaignView> PageAsync(Guid campaign) => (await new CampaignPage(Portal.Databases).RunAsync(Owner, campaign, Ct))!;

    private async Task<Guid> CampaignAsync(Guid sending)
    {
        var id = Guid.CreateVersion7();
        await Portal.Database.AdminAsync($"""
            insert into app.campaigns (tenant_id, id, name, state, account_id, list_ids, text, time_zone, created_by, created_by_name, created_at, changed_at, started_at, sending_id)
            values ('{Owner.TenantId}', '{id}', 'Winter tasting', 'started', '{Account}', '{"{}"}', 'Hello', 'Asia/Shanghai', '{Owner.UserId}', 'Owner', now(), now(), now(), '{sending}')
            """);
        return id;
    }
}
