using Portal.Campaigns;
using Portal.Tenants;

namespace Portal.IntegrationTests.Campaigns;

public sealed class CampaignPageTests(PortalFixture fixture) : CampaignsRig(fixture)
{
    [Fact]
    public async Task Every_person_stands_once_with_state_and_reason_and_the_sum_is_everybody()
    {
        var owner = await Fixture.NewTenantAsync();
        var (id, sending) = await MixedAsync(owner);

        var outcome = (await PageAsync(owner, id)).Line.Outcome;
        Assert.Equal(new CampaignOutcome(Delivered: 1, Sent: 2, InDoubt: 1, Failed: 2, Waiting: 1, Skipped: 2, CalledOff: 1), outcome);
        Assert.Equal(9, outcome.People);

        var people = await PeopleAsync(owner, id);
        Assert.Equal(
            [
                (PersonState.Delivered, "receipt", "DELIVRD"), (PersonState.Failed, "receipt", "EXPIRED"), (PersonState.Sent, "", ""),
                (PersonState.Sent, "receipt", "ENROUTE"), (PersonState.InDoubt, "doubt", "connection_cut"), (PersonState.Failed, "code", "104"),
                (PersonState.Waiting, "", ""), (PersonState.CalledOff, "", ""), (PersonState.Skipped, "skip", "suppressed"),
            ],
            people.Select(p => (p.State, p.Why, p.Word)));
        Assert.All(people, p => Assert.Contains("••••", p.Masked, StringComparison.Ordinal));
        Assert.Equal(9, await ScalarAsync<long>($"select (select count(*) from app.messages where sending_id = '{sending}') + (select count(*) from app.skips where sending_id = '{sending}')"));
    }

    [Theory]
    [InlineData(PersonState.Delivered, 1)]
    [InlineData(PersonState.Sent, 2)]
    [InlineData(PersonState.Failed, 2)]
    [InlineData(PersonState.InDoubt, 1)]
    [InlineData(PersonState.Waiting, 1)]
    [InlineData(PersonState.CalledOff, 1)]
    [InlineData(PersonState.Skipped, 1)]
    [InlineData(PersonState.Sending, 0)]
    public async Task People_are_filtered_by_state(PersonState state, int count)
    {
        var owner = await Fixture.NewTenantAsync();
        var (id, _) = await MixedAsync(owner);
        var lines = await PeopleAsync(owner, id, state);
        Assert.Equal(count, lines.Count);
        Assert.All(lines, l => Assert.Equal(state, l.State));
    }

    [Fact]
    public async Task A_first_definitive_receipt_wins_over_provisional_ones_and_later_ones()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewStartedAsync(owner, people: 1);
        var sending = await SendingAsync(id);
        await SqlAsync($"update app.batches set state = 'accepted' where sending_id = '{sending}'");
        await ReceiptAsync(owner, sending, "8613900000001", "MK:0001", "failed", 1);
        Assert.Equal((PersonState.Failed, "MK:0001", null), Told(Assert.Single(await PeopleAsync(owner, id))));
        await ReceiptAsync(owner, sending, "8613900000001", "DELIVRD", "delivered", 2);
        Assert.Equal((PersonState.Delivered, "DELIVRD", null), Told(Assert.Single(await PeopleAsync(owner, id))));
        // What says otherwise is shown beside it.
        await ReceiptAsync(owner, sending, "8613900000001", "ENROUTE", "not_final", 3);
        await ReceiptAsync(owner, sending, "8613900000001", "UNDELIV", "undelivered", 4);
        await ReceiptAsync(owner, sending, "8613900000001", "SIGFAIL", "failed", 5);
        Assert.Equal((PersonState.Delivered, "DELIVRD", "UNDELIV"), Told(Assert.Single(await PeopleAsync(owner, id))));

        static (PersonState, string, string?) Told(PersonLine line) => (line.State, line.Word, line.Later);
    }

    [Fact]
    public async Task Somebody_without_a_receipt_reads_so_after_the_accounts_hours_and_changes_when_one_comes_late()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewStartedAsync(owner, people: 2);
        var sending = await SendingAsync(id);
        await SqlAsync($"update app.batches set state = 'accepted', changed_at = now() - interval '73 hours' where sending_id = '{sending}'");
        Assert.Equal([PersonState.NoReceipt, PersonState.NoReceipt], (await PeopleAsync(owner, id)).Select(p => p.State));
        Assert.Equal(2, (await PeopleAsync(owner, id, PersonState.NoReceipt)).Count);
        Assert.Empty(await PeopleAsync(owner, id, PersonState.Sent));

        await SqlAsync($"update app.accounts set receipt_hours = 100 where id = (select account_id from app.sendings where id = '{sending}')");
        Assert.Equal([PersonState.Sent, PersonState.Sent], (await PeopleAsync(owner, id)).Select(p => p.State));

        await SqlAsync($"update app.accounts set receipt_hours = 1 where id = (select account_id from app.sendings where id = '{sending}')");
        await ReceiptAsync(owner, sending, "8613900000001", "DELIVRD", "delivered", 1);
        Assert.Equal([PersonState.Delivered, PersonState.NoReceipt], (await PeopleAsync(owner, id)).Select(p => p.State));
    }

    [Fact]
    public async Task Pages_go_through_everybody_once()
    {
        var owner = await Fixture.NewTenantAsync();
        var list = await NewListAsync(owner, "Members", 130);
        for (var n = 1; n <= 60; n++)
            await SuppressAsync(owner, (8613900000000 + n).ToString());
        var id = await ReadyAsync(owner, list, await NewAccountAsync(owner));
        Assert.True((await ScheduleAsync(owner, id)).Ok);
        await StartAsync(owner, id);

        var (pages, lines) = (0, 0);
        PeopleCursor? after = null;
        do
        {
            var page = await Get<CampaignPeople>().RunAsync(owner, new(id, null, after), None);
            Assert.InRange(page.Lines.Count, 1, CampaignPeople.PageSize);
            (pages, lines, after) = (pages + 1, lines + page.Lines.Count, page.Next);
        }
        while (after is not null);
        Assert.Equal((6, 130), (pages, lines));
        var skipped = await Get<CampaignPeople>().RunAsync(owner, new(id, PersonState.Skipped), None);
        Assert.Equal(CampaignPeople.PageSize, skipped.Lines.Count);
        Assert.Equal(CampaignPeople.PageSize, (await Get<CampaignPeople>().RunAsync(owner, new(id, PersonState.Skipped, skipped.Next), None)).Lines.Count);
    }

    [Fact]
    public async Task Pause_resume_and_cancel_are_done_told_and_refused_where_they_make_no_sense()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewStartedAsync(owner, people: 5);
        Assert.Equal("not_paused", Code(await Get<ResumeCampaign>().RunAsync(owner, id, None)));
        Assert.True((await Get<PauseCampaign>().RunAsync(owner, id, None)).Ok);
        Assert.Equal(CampaignStatus.Paused, (await PageAsync(owner, id)).Line.Status);
        Assert.True((await Get<ResumeCampaign>().RunAsync(owner, id, None)).Ok);
        Assert.True((await Get<CancelCampaign>().RunAsync(owner, id, None)).Ok);
        Assert.Equal("not_cancellable", Code(await Get<CancelCampaign>().RunAsync(owner, id, None)));

        var line = (await PageAsync(owner, id)).Line;
        Assert.Equal((CampaignStatus.Cancelled, 5L, 5L, 5L), (line.Status, line.Outcome.CalledOff, line.Outcome.Skipped, line.Outcome.People));
        Assert.Equal(["campaign_paused", "campaign_resumed", "campaign_cancelled"], (await AuditAsync(owner, id))[^3..]);
    }

    [Fact]
    public async Task A_scheduled_campaign_that_is_called_off_never_starts()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewReadyDraftAsync(owner);
        Assert.True((await ScheduleAsync(owner, id)).Ok);
        Assert.True((await Get<CancelCampaign>().RunAsync(owner, id, None)).Ok);
        Assert.Equal(StartOutcome.Nothing, await StartAsync(owner, id));
        Assert.Equal(CampaignStatus.Cancelled, (await PageAsync(owner, id)).Line.Status);
    }

    [Fact]
    public async Task A_running_campaign_of_a_stopped_account_reads_stopped_with_the_reason()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewStartedAsync(owner);
        await SqlAsync($"update app.accounts set state = 'stopped', stopped_code = '204', stopped_at = now() where tenant_id = '{owner.TenantId}'");
        var line = (await PageAsync(owner, id)).Line;
        Assert.Equal((CampaignStatus.Stopped, "204"), (line.Status, line.StoppedCode));
        var need = Assert.Single((await Get<TenantHome>().RunAsync(owner, None)).StoppedAccounts);
        Assert.Equal(("204", 1L), (need.Code, need.Waiting));
    }

    [Fact]
    public async Task The_timeline_tells_what_people_and_requests_did_the_newest_first()
    {
        var owner = await Fixture.NewTenantAsync();
        var (id, sending) = await MixedAsync(owner);
        await SqlAsync($"""
            insert into app.attempts (tenant_id, sending_id, batch_no, attempt_no, account_id, fence, key_version, timestamp, numbers, state, started_at, ended_at, code, why)
            select '{owner.TenantId}', '{sending}', n, 1, s.account_id, 1, 1, '20261122164200', 2, a.state, now() + n * interval '1 second', now() + n * interval '1 second', a.code, a.why
            from app.sendings s, (values (0, 'accepted', '000', null), (1, 'in_doubt', null, 'connection_cut'), (2, 'refused', '105', null)) a (n, state, code, why)
            where s.id = '{sending}';
            update app.sendings set first_request_at = now() where id = '{sending}'
            """);
        var timeline = (await PageAsync(owner, id)).Timeline;
        Assert.Equal(timeline.OrderByDescending(h => h.At), timeline);
        Assert.Equal("Owner", timeline.Single(h => h.Word == "campaign_scheduled").Details[0]);
        Assert.Equal(["1", "2", "connection_cut"], timeline.Single(h => h.Word == "doubts").Details);
        Assert.Contains(timeline, h => h.Word == "slowed_down");
        Assert.Contains(timeline, h => h.Word == "first_request");
        Assert.True(timeline.ToList().FindIndex(h => h.Word == "campaign_created") > timeline.ToList().FindIndex(h => h.Word == "campaign_started"));
    }

    [Fact]
    public async Task The_list_finds_by_state_and_name()
    {
        var owner = await Fixture.NewTenantAsync();
        Assert.False((await Get<CampaignList>().RunAsync(owner, new(), None)).Any);
        var started = await NewStartedAsync(owner);
        var draft = await NewDraftAsync(owner, i => i with { Name = "Spring 100% off" });

        Assert.Equal([started], await FindAsync(new(CampaignFilter.Running)));
        Assert.Equal([draft], await FindAsync(new(CampaignFilter.Drafts)));
        Assert.Equal([draft], await FindAsync(new(CampaignFilter.All, "100% O")));
        Assert.Empty(await FindAsync(new(CampaignFilter.Finished)));
        Assert.Equal(2, (await FindAsync(new())).Length);

        async Task<Guid[]> FindAsync(CampaignListInput input) => [.. (await Get<CampaignList>().RunAsync(owner, input, None)).Lines.Select(l => l.Id)];
    }

    [Fact]
    public async Task Home_tells_today_what_goes_out_what_is_in_doubt_and_what_comes_next()
    {
        var owner = await Fixture.NewTenantAsync();
        var (id, sending) = await MixedAsync(owner);
        await SqlAsync($"""
            insert into app.attempts (tenant_id, sending_id, batch_no, attempt_no, account_id, fence, key_version, timestamp, numbers, state, started_at, ended_at, segments)
            select '{owner.TenantId}', '{sending}', 0, 1, account_id, 1, 1, '20261122164200', 4, 'accepted', now(), now(), 6 from app.sendings where id = '{sending}'
            """);
        var draft = await NewDraftAsync(owner);

        var home = await Get<TenantHome>().RunAsync(owner, None);
        Assert.Equal((id, 7L), (Assert.Single(home.Going).Line.Id, home.Going[0].Line.Outcome.HandedOver + home.Going[0].Line.Outcome.Waiting));
        Assert.Equal((1L, 1L, "connection_cut"), (Assert.Single(home.Doubts).People, home.Doubts[0].Batches, home.Doubts[0].Why));
        Assert.Equal((4L, 0.5, 2L, 6L), (home.Today.Sent, home.Today.Delivered, home.Today.Receipts, home.Today.Segments));
        Assert.Equal((draft, (DateTimeOffset?)null, (long?)null), (Assert.Single(home.Next).Id, home.Next[0].DueAt, home.Next[0].People));
    }

    /// <summary>Nine people, one or two in each state, as dispatch and receipts would have left them.</summary>
    private async Task<(Guid Id, Guid Sending)> MixedAsync(Member owner)
    {
        var list = await NewListAsync(owner, "Members", 9);
        await SuppressAsync(owner, "8613900000009");
        var id = await ReadyAsync(owner, list, await NewAccountAsync(owner, batchSize: 1));
        Assert.True((await ScheduleAsync(owner, id)).Ok);
        Assert.Equal(StartOutcome.Started, await StartAsync(owner, id));
        var sending = await SendingAsync(id);
        await SqlAsync($"""
            update app.batches set state = case when first_ordinal <= 3 then 'accepted' when first_ordinal = 4 then 'in_doubt' when first_ordinal = 5 then 'refused'
                                                when first_ordinal = 6 then 'planned' else 'cancelled' end,
                                   why = case first_ordinal when 4 then 'connection_cut' when 5 then '104' end
            where sending_id = '{sending}';
            update app.sending_counts set accepted = 4, in_doubt = 1, refused = 1, cancelled = 1, delivered = 1, undelivered = 1 where sending_id = '{sending}'
            """);
        await ReceiptAsync(owner, sending, "8613900000001", "DELIVRD", "delivered", 1);
        await ReceiptAsync(owner, sending, "8613900000002", "EXPIRED", "undelivered", 2);
        await ReceiptAsync(owner, sending, "8613900000004", "ENROUTE", "not_final", 3);
        return (id, sending);
    }

    private Task<Guid> SendingAsync(Guid id) => ScalarAsync<Guid>($"select sending_id from app.campaigns where id = '{id}'");

    private Task ReceiptAsync(Member owner, Guid sending, string number, string status, string meaning, int seq) => SqlAsync($"""
        insert into app.receipts (tenant_id, month, sending_id, number, nth, task_id, status, times, seq, meaning, received_at, masked)
        select '{owner.TenantId}', month, '{sending}', '{number}', {seq}, 't', '{status}', '20261122164200', {seq}, '{meaning}', now(), false from app.sendings where id = '{sending}'
        """);

    private async Task<IReadOnlyList<PersonLine>> PeopleAsync(Member owner, Guid id, PersonState? state = null) =>
        (await Get<CampaignPeople>().RunAsync(owner, new(id, state), None)).Lines;

    private static string Code<T>(Result<T> result) => Assert.Single(result.Problems).Code;
}
