using Portal.Campaigns;
using Portal.Tenants;

namespace Portal.IntegrationTests.Campaigns;

/// <summary>Above a number of people a second person decides.</summary>
public sealed class ApprovalTests(PortalFixture fixture) : CampaignsRig(fixture)
{
    [Fact]
    public async Task Above_the_number_it_waits_starts_nothing_and_is_told_at_home()
    {
        var (author, _) = await PeopleAsync(above: 2);
        var id = await AskedAsync(author);
        Assert.Equal(CampaignStatus.AwaitingApproval, (await PageAsync(author, id)).Line.Status);
        Assert.Empty(Waker.Scheduled);
        Assert.Equal(StartOutcome.Nothing, await StartAsync(author, id));
        Assert.Equal(id, Assert.Single((await Get<TenantHome>().RunAsync(author, None)).Awaiting).Id);
        Assert.Equal("not_a_draft", Assert.Single((await Get<SaveDraft>().RunAsync(author, Input(await DraftAsync(author, id)), None)).Problems).Code);
    }

    [Fact]
    public async Task Up_to_the_number_one_person_decides()
    {
        var (author, _) = await PeopleAsync(above: 3);
        var id = await NewReadyDraftAsync(author, people: 3);
        Assert.False((await ScheduleAsync(author, id)).Value.Awaits);
        Assert.Equal(CampaignStatus.Scheduled, (await PageAsync(author, id)).Line.Status);
    }

    [Fact]
    public async Task Another_manager_approves_it_and_it_goes_out()
    {
        var (author, manager) = await PeopleAsync(above: 2);
        var id = await AskedAsync(author);
        Assert.Empty((await ApproveAsync(manager, id)).Problems);
        Assert.Equal(id, Assert.Single(Waker.Scheduled).Campaign);
        Assert.Equal(StartOutcome.Started, await StartAsync(author, id));
        Assert.Equal(["campaign_created", "campaign_approval_asked", "campaign_approved", "campaign_started", "campaign_prepared"], await AuditAsync(author, id));
    }

    [Fact]
    public async Task Neither_the_author_nor_who_asked_nor_a_sender_decides()
    {
        var (author, manager) = await PeopleAsync(above: 2);
        var id = await AskedAsync(author);
        Assert.Equal("own_campaign", Assert.Single((await ApproveAsync(author, id)).Problems).Code);
        await Assert.ThrowsAsync<NotAllowedException>(() => ApproveAsync(manager with { Role = MemberRole.Sender }, id));

        // Begun by one and asked for by another: both are out.
        Assert.True((await Get<UndoCampaign>().RunAsync(author, id, None)).Ok);
        Assert.True((await ScheduleAsync(manager, id)).Value.Awaits);
        foreach (var member in (Member[])[author, manager])
        {
            Assert.Equal("own_campaign", Assert.Single((await ApproveAsync(member, id)).Problems).Code);
            Assert.Equal("own_campaign", Assert.Single((await DeclineAsync(member, id, "No.")).Problems).Code);
        }
        // And the database says the same.
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => SqlAsync($"update app.campaigns set approved_by = asked_by where id = '{id}'"));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => SqlAsync($"update app.campaigns set approved_by = created_by where id = '{id}'"));
    }

    [Fact]
    public async Task Declined_with_a_note_it_is_a_draft_again()
    {
        var (author, manager) = await PeopleAsync(above: 2);
        var id = await AskedAsync(author);
        Assert.Equal("note_missing", Assert.Single((await DeclineAsync(manager, id, "  ")).Problems).Code);
        Assert.True((await DeclineAsync(manager, id, "The date is wrong.")).Ok);
        Assert.Equal(CampaignState.Draft, (await DraftAsync(author, id)).State);
        var told = (await PageAsync(author, id)).Timeline.Single(h => h.Word == "campaign_declined");
        Assert.Equal("The date is wrong.", told.Details[1]);
        Assert.Equal("not_awaiting", Assert.Single((await DeclineAsync(manager, id, "Again.", TimeProvider.System.GetUtcNow())).Problems).Code);
    }

    [Fact]
    public async Task Taken_back_changed_and_asked_again_an_old_view_of_it_approves_nothing()
    {
        var (author, manager) = await PeopleAsync(above: 2);
        var id = await AskedAsync(author);
        var seen = (await PageAsync(manager, id)).Approval!.AskedAt;
        Assert.True((await Get<UndoCampaign>().RunAsync(author, id, None)).Ok);
        await SaveAsync(author, Input(await DraftAsync(author, id)) with { Text = "Another text." });
        Assert.True((await ScheduleAsync(author, id)).Value.Awaits);
        Assert.Equal("changed_elsewhere", Assert.Single((await Get<ApproveCampaign>().RunAsync(manager, new(id, seen), None)).Problems).Code);
        Assert.True((await ApproveAsync(manager, id)).Ok);
    }

    [Fact]
    public async Task Approved_past_its_planned_time_it_is_asked_about_and_never_sent_silently()
    {
        var (author, manager) = await PeopleAsync(above: 2);
        var wall = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(8).AddDays(1);
        var id = await NewReadyDraftAsync(author);
        await SaveAsync(author, Input(await DraftAsync(author, id)) with { PlannedAt = wall });
        Assert.True((await ScheduleAsync(author, id)).Value.Awaits);
        await SqlAsync($"update app.campaigns set planned_at = planned_at - interval '2 days', due_at = due_at - interval '2 days' where id = '{id}'");

        Assert.True((await ApproveAsync(manager, id)).Ok);
        Assert.Equal(CampaignStatus.Missed, (await PageAsync(author, id)).Line.Status);
        Assert.Equal(StartOutcome.Nothing, await StartAsync(author, id));
        Assert.Equal(id, Assert.Single((await Get<TenantHome>().RunAsync(author, None)).Missed).Id);
        Assert.Contains("campaign_approved_late", await AuditAsync(author, id));
    }

    [Fact]
    public async Task What_would_keep_it_from_being_scheduled_keeps_it_from_being_approved()
    {
        var (author, manager) = await PeopleAsync(above: 2);
        var id = await AskedAsync(author);
        await SqlAsync($"update app.accounts set state = 'stopped', stopped_code = '202' where tenant_id = '{author.TenantId}'");
        Assert.Equal(("AccountId", "account_stopped"), (await ApproveAsync(manager, id)).Problems.Select(p => (p.Field, p.Code)).Single());
    }

    [Fact]
    public async Task Approved_and_taken_back_at_once_has_one_winner_and_can_be_cancelled_before()
    {
        var (author, manager) = await PeopleAsync(above: 2);
        var id = await AskedAsync(author);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ApproveAsync(manager, id)));
        Assert.Single(answers, a => a.Ok);
        Assert.Single(await AuditAsync(author, id), "campaign_approved");

        var other = await ReadyAsync(author, await ScalarAsync<Guid>($"select id from app.lists where tenant_id = '{author.TenantId}'"), await NewAccountAsync(author, "Another"));
        Assert.True((await ScheduleAsync(author, other)).Value.Awaits);
        Assert.True((await Get<CancelCampaign>().RunAsync(author, other, None)).Ok);
        Assert.Equal(CampaignStatus.Cancelled, (await PageAsync(author, other)).Line.Status);
    }

    [Fact]
    public async Task Lists_that_grew_beyond_the_number_after_it_was_scheduled_make_it_wait_instead_of_start()
    {
        var (author, manager) = await PeopleAsync(above: 3);
        var id = await NewReadyDraftAsync(author, people: 3);
        Assert.False((await ScheduleAsync(author, id)).Value.Awaits);
        var list = await ScalarAsync<Guid>($"select list_ids[1] from app.campaigns where id = '{id}'");
        await SqlAsync($"""
            with added as (insert into app.contacts (tenant_id, id, number, fields, created_at) values ('{author.TenantId}', gen_random_uuid(), '8613900009999', jsonb_build_object(), now()) returning id, number)
            insert into app.list_members (tenant_id, list_id, contact_id, number) select '{author.TenantId}', '{list}', id, number from added
            """);
        Assert.Equal(StartOutcome.Nothing, await StartAsync(author, id));
        Assert.Equal(CampaignStatus.AwaitingApproval, (await PageAsync(author, id)).Line.Status);
        Assert.Contains("campaign_approval_needed", await AuditAsync(author, id));
        Assert.True((await ApproveAsync(manager, id)).Ok);
        Assert.Equal(StartOutcome.Started, await StartAsync(author, id));
    }

    private async Task<(Member Author, Member Manager)> PeopleAsync(int above)
    {
        var author = await Fixture.NewTenantAsync();
        Assert.True((await Get<ChangeSendingRules>().RunAsync(author, new(above, null, null), None)).Ok);
        return (author, author with { UserId = Guid.CreateVersion7(), Name = "Wang Lei", Role = MemberRole.Manager });
    }

    private async Task<Guid> AskedAsync(Member author)
    {
        var id = await NewReadyDraftAsync(author, people: 3);
        Assert.True((await Get<ReviewCampaign>().RunAsync(author, id, None))!.NeedsApproval);
        Assert.True((await ScheduleAsync(author, id)).Value.Awaits);
        return id;
    }

    private async Task<Result<Guid>> ApproveAsync(Member member, Guid id) =>
        await Get<ApproveCampaign>().RunAsync(member, new(id, (await PageAsync(member, id)).Approval?.AskedAt ?? TimeProvider.System.GetUtcNow()), None);

    private async Task<Result<Guid>> DeclineAsync(Member member, Guid id, string note, DateTimeOffset? askedAt = null) =>
        await Get<DeclineCampaign>().RunAsync(member, new(id, askedAt ?? (await PageAsync(member, id)).Approval!.AskedAt, note), None);
}
