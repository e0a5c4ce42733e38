using Portal.Campaigns;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.IntegrationTests.Campaigns;

/// <summary>Runs to many people: approved once for the schedule, as long as they do not grow much; and nobody is added behind the approval.</summary>
public sealed class ScheduleApprovalTests(PortalFixture fixture) : SchedulesRig(fixture)
{
    [Fact]
    public async Task A_run_over_the_number_waits_and_approving_it_lets_the_later_ones_go()
    {
        var (author, manager) = await PeopleAsync(above: 2);
        var schedule = await NewScheduleAsync(author);
        var first = await RunAsync(author, schedule);
        Assert.Equal(StartOutcome.Nothing, await StartAsync(author, first));
        Assert.Equal(CampaignStatus.AwaitingApproval, (await PageAsync(author, first)).Line.Status);
        Assert.Equal("own_campaign", Code(await ApproveAsync(author, first)));
        Assert.Empty((await ApproveAsync(manager, first)).Problems);

        Assert.Equal(StartOutcome.Started, await StartAsync(author, await RunAsync(author, schedule)));
        Assert.Contains("schedule_approved", await AuditAsync(author, schedule));
    }

    [Fact]
    public async Task Approved_with_its_number_no_run_asks_until_one_goes_to_more_than_a_tenth_more()
    {
        var (author, manager) = await PeopleAsync(above: 10);
        var schedule = await NewScheduleAsync(author);
        await GrowAsync(author, schedule, 20);
        var asked = (await Get<ScheduleApprovals>().RunAsync(manager, schedule, None))!;
        Assert.Equal((20, 10, null, true, false), (asked.People, asked.Above, asked.UpTo, asked.Needed, asked.IsOwn));
        Assert.Empty((await ApproveScheduleAsync(manager, schedule)).Problems);
        var given = (await Get<ScheduleApprovals>().RunAsync(manager, schedule, None))!;
        Assert.Equal((22, "Wang Lei", false), (given.UpTo, given.ByName, given.Needed));

        Assert.Equal(StartOutcome.Started, await StartAsync(author, await RunAsync(author, schedule)));
        await GrowAsync(author, schedule, 22);
        Assert.Equal(StartOutcome.Started, await StartAsync(author, await RunAsync(author, schedule)));
        await GrowAsync(author, schedule, 23);
        Assert.True((await Get<ScheduleApprovals>().RunAsync(manager, schedule, None))!.Needed);
        var grown = await RunAsync(author, schedule);
        Assert.Equal(StartOutcome.Nothing, await StartAsync(author, grown));
        Assert.Equal(CampaignStatus.AwaitingApproval, (await PageAsync(author, grown)).Line.Status);
        // Anew, with the new number.
        Assert.Empty((await ApproveAsync(manager, grown)).Problems);
        Assert.Equal(25, (await Get<ScheduleApprovals>().RunAsync(manager, schedule, None))!.UpTo);
        Assert.Equal(StartOutcome.Started, await StartAsync(author, await RunAsync(author, schedule)));
    }

    [Fact]
    public async Task Neither_who_made_it_nor_who_changed_it_last_approves_and_a_change_ends_what_was_approved()
    {
        var (author, manager) = await PeopleAsync(above: 2);
        var other = manager with { UserId = Guid.CreateVersion7(), Name = "Chen Mo" };
        var schedule = await NewScheduleAsync(author);
        Assert.Equal("own_schedule", Code(await ApproveScheduleAsync(author, schedule)));
        await Assert.ThrowsAsync<NotAllowedException>(() => ApproveScheduleAsync(manager with { Role = MemberRole.Sender }, schedule));
        Assert.Empty((await ApproveScheduleAsync(manager, schedule)).Problems);

        var seen = (await Get<ScheduleApprovals>().RunAsync(other, schedule, None))!.ChangedAt;
        await ChangeAsync(manager, schedule, "Another text.");
        Assert.Equal("changed_elsewhere", Code(await Get<ApproveSchedule>().RunAsync(other, new(schedule, seen, 3), None)));
        Assert.Equal("own_schedule", Code(await ApproveScheduleAsync(manager, schedule)));
        var run = await RunAsync(author, schedule);
        Assert.Equal(StartOutcome.Nothing, await StartAsync(author, run));
        // Nor does who changed it approve its run.
        Assert.Equal("own_campaign", Code(await ApproveAsync(manager, run)));
        Assert.Empty((await ApproveAsync(other, run)).Problems);
        Assert.Equal("Chen Mo", (await Get<ScheduleApprovals>().RunAsync(other, schedule, None))!.ByName);
        // And the database says the same.
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => SqlAsync($"update app.schedules set approved_by = created_by where id = '{schedule}'"));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => SqlAsync($"update app.schedules set approved_by = changed_by where id = '{schedule}'"));
    }

    [Fact]
    public async Task A_list_that_grew_since_it_was_seen_is_not_approved_unseen()
    {
        var (author, manager) = await PeopleAsync(above: 2);
        var schedule = await NewScheduleAsync(author);
        var seen = (await Get<ScheduleApprovals>().RunAsync(manager, schedule, None))!;
        await GrowAsync(author, schedule, 50);
        Assert.Equal("changed_elsewhere", Code(await Get<ApproveSchedule>().RunAsync(manager, new(schedule, seen.ChangedAt, seen.People), None)));
        Assert.True((await Get<EndSchedule>().RunAsync(author, schedule, None)).Ok);
        Assert.Null(await Get<ScheduleApprovals>().RunAsync(manager, schedule, None));
        Assert.Equal("schedule_over", Code(await Get<ApproveSchedule>().RunAsync(manager, new(schedule, seen.ChangedAt, 50), None)));
        var few = await Fixture.NewTenantAsync();
        Assert.Null(await Get<ScheduleApprovals>().RunAsync(few, await NewScheduleAsync(few), None));
    }

    [Theory]
    [InlineData("Tasting on Friday.")]
    [InlineData("Tasting on Friday, {{name}}.")]
    public async Task A_list_that_grows_while_it_is_prepared_is_counted_again_before_the_first_request(string text)
    {
        var (author, manager) = await PeopleAsync(above: 3);
        var list = await NewListAsync(author, "Members", ("8613900000001", "Li"), ("8613900000002", "Wang"), ("8613900000003", "Zhao"));
        var id = await ReadyAsync(author, list, await NewAccountAsync(author), text);
        Assert.False((await ScheduleAsync(author, id)).Value.Awaits);
        await GrowsAtTheStartAsync(author, list);
        Assert.Equal(StartOutcome.Started, await StartAsync(author, id));

        var page = await PageAsync(author, id);
        Assert.Equal((CampaignStatus.AwaitingApproval, null, null), (page.Line.Status, page.SendingId, page.StartedAt));
        Assert.Equal("cancelled 4 4", await ScalarAsync<string>($"""
            select concat_ws(' ', s.state, s.messages, k.cancelled) from app.sendings s join app.sending_counts k on k.sending_id = s.id where s.tenant_id = '{author.TenantId}'
            """));
        Assert.Equal(0L, await ScalarAsync<long>($"select count(*) from app.batches where tenant_id = '{author.TenantId}' and state <> 'cancelled'"));
        Assert.Equal("campaign_approval_needed", (await AuditAsync(author, id))[^1]);

        Assert.Empty((await ApproveAsync(manager, id)).Problems);
        Assert.Equal(StartOutcome.Started, await StartAsync(author, id));
        page = await PageAsync(author, id);
        Assert.Equal((CampaignStatus.Running, 4L), (page.Line.Status, page.Line.Outcome.Waiting));
    }

    [Fact]
    public async Task What_outgrew_its_number_is_taken_back_by_the_next_look_if_the_first_one_died()
    {
        var (author, _) = await PeopleAsync(above: 3);
        var id = await NewReadyDraftAsync(author, people: 3);
        Assert.True((await ScheduleAsync(author, id)).Ok);
        Assert.Equal(StartOutcome.Started, await StartAsync(author, id));
        Assert.Equal(3, await ScalarAsync<int>($"select most_messages from app.sendings where tenant_id = '{author.TenantId}'"));
        await SqlAsync($"update app.sendings set most_messages = 2, state = 'cancelled' where tenant_id = '{author.TenantId}'");
        var sending = await ScalarAsync<Guid>($"select sending_id from infra.open_sendings(100) where tenant_id = '{author.TenantId}' and not prepared");
        await Get<CarryOnSending>().PrepareAsync(author.Scope, sending, None);
        Assert.Equal(CampaignStatus.AwaitingApproval, (await PageAsync(author, id)).Line.Status);
        Assert.Equal(0L, await ScalarAsync<long>($"select count(*) from infra.open_sendings(100) where tenant_id = '{author.TenantId}'"));
    }

    private async Task<(Member Author, Member Manager)> PeopleAsync(int above)
    {
        await SqlAsync("drop trigger if exists grows on app.sendings");
        var author = await Fixture.NewTenantAsync();
        Assert.True((await Get<ChangeSendingRules>().RunAsync(author, new(above, null, null), None)).Ok);
        return (author, author with { UserId = Guid.CreateVersion7(), Name = "Wang Lei", Role = MemberRole.Manager });
    }

    /// <summary>The campaign of the schedule's next run, which is due.</summary>
    private async Task<Guid> RunAsync(Member member, Guid schedule)
    {
        await PassAsync(schedule, 1);
        await SqlAsync($"update app.campaigns set occurrence = occurrence - interval '30 days' where schedule_id = '{schedule}'");
        return (await MakeAsync(member, schedule))!.Value;
    }

    private Task GrowAsync(Member member, Guid schedule, int people) => SqlAsync($$"""
        with added as (
            insert into app.contacts (tenant_id, id, number, fields, created_at)
            select '{{member.TenantId}}', gen_random_uuid(), (8613900000000 + n)::text, '{}', now() from generate_series(1, {{people}}) n
            on conflict (tenant_id, number) do update set fields = excluded.fields returning id, number)
        insert into app.list_members (tenant_id, list_id, contact_id, number)
        select '{{member.TenantId}}', s.list_ids[1], a.id, a.number from added a, app.schedules s where s.id = '{{schedule}}' on conflict do nothing
        """);

    /// <summary>Somebody is put on the list after the people were counted, and before they are prepared.</summary>
    private Task GrowsAtTheStartAsync(Member member, Guid list) => SqlAsync($$"""
        create or replace function app.grows() returns trigger language plpgsql security definer as $f$
        begin
            with added as (
                insert into app.contacts (tenant_id, id, number, fields, created_at)
                values ('{{member.TenantId}}', gen_random_uuid(), '8613900009999', '{"name":"Sun"}', now()) returning id, number)
            insert into app.list_members (tenant_id, list_id, contact_id, number) select '{{member.TenantId}}', '{{list}}', id, number from added;
            return null;
        end $f$;
        create trigger grows after insert on app.sendings for each row when (new.tenant_id = '{{member.TenantId}}' and new.most_messages = 3) execute function app.grows()
        """);

    private async Task<Result<Guid>> ApproveAsync(Member member, Guid id) =>
        await Get<ApproveCampaign>().RunAsync(member, new(id, (await PageAsync(member, id)).Approval!.AskedAt), None);

    private async Task<Result<Guid>> ApproveScheduleAsync(Member member, Guid schedule)
    {
        var seen = (await Get<ScheduleApprovals>().RunAsync(member with { Role = MemberRole.Viewer }, schedule, None))!;
        return await Get<ApproveSchedule>().RunAsync(member, new(schedule, seen.ChangedAt, seen.People), None);
    }

    private async Task ChangeAsync(Member member, Guid schedule, string text)
    {
        var view = await ScheduleAsync(schedule, member);
        var changed = await Get<ChangeSchedule>().RunAsync(
            member, new(schedule, view.ChangedAt, view.Name, view.ListIds, view.AccountId, text, view.Repeat, AcceptSkips: false), None);
        Assert.Empty(changed.Problems);
    }
}
