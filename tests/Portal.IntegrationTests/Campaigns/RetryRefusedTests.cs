using Portal.Campaigns;

namespace Portal.IntegrationTests.Campaigns;

public sealed class RetryRefusedTests(PortalFixture fixture) : CampaignsRig(fixture)
{
    [Fact]
    public async Task The_refused_people_of_a_finished_campaign_become_the_audience_of_a_draft()
    {
        var owner = await Fixture.NewTenantAsync();
        var account = await NewAccountAsync(owner, batchSize: 2);
        var id = await ReadyAsync(owner, await NewListAsync(owner, "Members", 6), account);
        Assert.Empty((await ScheduleAsync(owner, id)).Problems);
        Assert.Equal(StartOutcome.Started, await StartAsync(owner, id));
        Assert.Equal("not_finished", Assert.Single((await RetryAsync(owner, id)).Problems).Code);

        // Two batches refused, of which one number has a receipt after all; the third accepted.
        var sending = (await PageAsync(owner, id)).SendingId;
        await SqlAsync($"""
            update app.batches set state = case when batch_no < 2 then 'refused' else 'accepted' end, why = '108' where sending_id = '{sending}';
            update app.sendings set state = 'finished', finished_at = now() where id = '{sending}';
            update app.sending_counts set accepted = 3, refused = 3 where sending_id = '{sending}';
            insert into app.receipts (tenant_id, month, sending_id, number, nth, task_id, status, times, seq, meaning, received_at, masked)
            select tenant_id, month, sending_id, number, 0, 't', 'DELIVRD', '', 1, 'delivered', now(), false from app.messages where sending_id = '{sending}' and ordinal = 0
            """);
        Assert.Equal(3, (await PageAsync(owner, id)).Refused);
        var first = (await RetryAsync(owner, id)).Value;
        var draft = await DraftAsync(owner, first);
        Assert.Equal(("Refused: Winter tasting", "Tasting on Friday.", account), (draft.Name, draft.Text, draft.AccountId!.Value));
        Assert.Equal("8613900000002,8613900000003,8613900000004", await ScalarAsync<string>($"""
            select string_agg(c.number, ',' order by c.number) from app.list_members m join app.contacts c on c.tenant_id = m.tenant_id and c.id = m.contact_id where m.list_id = '{draft.ListIds[0]}'
            """));
        Assert.Equal(3, (await Get<ReviewCampaign>().RunAsync(owner, first, None))!.Messages);
        // Once more: another list, another name.
        Assert.Equal("Refused: Winter tasting (2)", (await DraftAsync(owner, (await RetryAsync(owner, id)).Value)).Name);
    }

    [Fact]
    public async Task Where_nobody_was_refused_no_list_is_left_behind()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewStartedAsync(owner);
        await SqlAsync($"update app.batches set state = 'accepted' where tenant_id = '{owner.TenantId}'; update app.sendings set state = 'finished', finished_at = now() where tenant_id = '{owner.TenantId}'");
        Assert.Equal("nobody_refused", Assert.Single((await RetryAsync(owner, id)).Problems).Code);
        Assert.Equal(1L, await ScalarAsync<long>($"select count(*) from app.lists where tenant_id = '{owner.TenantId}'"));
        var stranger = await Fixture.NewTenantAsync();
        Assert.Equal("campaign_gone", Assert.Single((await RetryAsync(stranger, id)).Problems).Code);
    }

    private Task<Result<Guid>> RetryAsync(Tenants.Member member, Guid id) => Get<RetryRefused>().RunAsync(member, new(id, "Refused: Winter tasting"), None);
}
