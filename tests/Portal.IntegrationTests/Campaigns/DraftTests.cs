using Portal.Campaigns;

namespace Portal.IntegrationTests.Campaigns;

public sealed class DraftTests(PortalFixture fixture) : CampaignsRig(fixture)
{
    [Fact]
    public async Task A_draft_keeps_what_was_typed_however_unfinished()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewDraftAsync(owner);
        var list = await NewListAsync(owner, "Members");
        var wall = new DateTime(2031, 5, 4, 9, 30, 0, DateTimeKind.Unspecified);
        await SaveAsync(owner, Input(await DraftAsync(owner, id)) with
        {
            Name = "",
            ListIds = [list, list],
            Text = "Hello {{na",
            PlannedAt = wall,
            NotAfter = wall.AddHours(2),
        });
        var draft = await DraftAsync(owner, id);
        Assert.Equal(("", "Hello {{na", wall, wall.AddHours(2)), (draft.Name, draft.Text, draft.PlannedAt, draft.NotAfter));
    }

    [Fact]
    public async Task Saving_over_somebody_elses_change_is_refused()
    {
        var owner = await Fixture.NewTenantAsync();
        var seen = await DraftAsync(owner, await NewDraftAsync(owner));
        await SaveAsync(owner, Input(seen) with { Text = "Mine." });
        var answer = await Get<SaveDraft>().RunAsync(owner, Input(seen) with { Text = "Yours." }, None);
        Assert.Equal("changed_elsewhere", Assert.Single(answer.Problems).Code);
        Assert.Equal("Mine.", (await DraftAsync(owner, seen.Id)).Text);
    }

    [Fact]
    public async Task Saving_the_same_again_changes_no_version()
    {
        var owner = await Fixture.NewTenantAsync();
        var seen = await DraftAsync(owner, await NewReadyDraftAsync(owner));
        Assert.Equal(seen.Version, (await Get<SaveDraft>().RunAsync(owner, Input(seen), None)).Value);
    }

    [Fact]
    public async Task Only_a_draft_is_changed_or_deleted()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewReadyDraftAsync(owner);
        var seen = await DraftAsync(owner, id);
        Assert.True((await ScheduleAsync(owner, id)).Ok);
        Assert.Equal("not_a_draft", Assert.Single((await Get<SaveDraft>().RunAsync(owner, Input(seen), None)).Problems).Code);
        Assert.Equal("not_a_draft", Assert.Single((await Get<DeleteDraft>().RunAsync(owner, id, None)).Problems).Code);
        Assert.True((await Get<UndoCampaign>().RunAsync(owner, id, None)).Ok);
        Assert.True((await Get<DeleteDraft>().RunAsync(owner, id, None)).Ok);
        Assert.Null(await Get<CampaignDraft>().RunAsync(owner, id, None));
    }

    [Fact]
    public async Task A_copy_has_everything_but_the_time()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewStartedAsync(owner);
        var copy = await DraftAsync(owner, (await Get<DuplicateCampaign>().RunAsync(owner, id, None)).Value);
        Assert.Equal(("Winter tasting (2)", "Tasting on Friday.", CampaignState.Draft, (DateTime?)null), (copy.Name, copy.Text, copy.State, copy.PlannedAt));
        Assert.Single(copy.ListIds);
    }

    [Fact]
    public async Task The_preview_shows_the_first_people_and_what_they_lack()
    {
        var owner = await Fixture.NewTenantAsync();
        var list = await NewListAsync(owner, "Members", ("8613900000001", "Li"), ("8613900000002", " "), ("8613900000003", "Wang"), ("8613900000004", "Zhao"), ("8613900000005", "Sun"));
        await SuppressAsync(owner, "8613900000003");
        var lines = await Get<PreviewText>().RunAsync(owner, [list], "Hello {{Name}}", None);
        Assert.Equal(["Hello Li", null, "Hello Zhao"], lines.Select(l => l.Text));
        Assert.Equal(["name"], lines[1].Missing);
        Assert.All(lines, l => Assert.Contains("••••", l.Masked, StringComparison.Ordinal));
        Assert.Empty(await Get<PreviewText>().RunAsync(owner, [list], "Hello {{", None));
    }
}
