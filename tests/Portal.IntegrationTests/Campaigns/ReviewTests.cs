using Portal.Campaigns;
using Portal.Tenants;

namespace Portal.IntegrationTests.Campaigns;

public sealed class ReviewTests(PortalFixture fixture) : CampaignsRig(fixture)
{
    [Fact]
    public async Task The_review_says_what_preparing_then_makes()
    {
        var owner = await Fixture.NewTenantAsync();
        var one = await NewListAsync(owner, "One", ("8613900000001", "Li"), ("8613900000002", "Wang"), ("8613900000003", null), ("8613900000004", "Li"), ("8613900000005", "Li"));
        var two = await NewListAsync(owner, "Two", ("8613900000001", "Li"), ("8613900000006", "   "), ("8613900000007", "Łukasz"), ("8613900000008", null));
        await SuppressAsync(owner, "8613900000002");
        await SuppressAsync(owner, "8613900000008");
        var account = await NewAccountAsync(owner, batchSize: 2, rate: 2);
        var id = await NewDraftAsync(owner, i => i with { ListIds = [one, two], AccountId = account, Text = "Hello {{name}}" });

        var review = (await Get<ReviewCampaign>().RunAsync(owner, id, None))!;
        Assert.Empty(review.Problems);
        Assert.Equal((9L, 1L, 2L, 2L, 0L, 4L), (review.Listed, review.Duplicates, review.Suppressed, review.Incomplete, review.Empty, review.Messages));
        Assert.Equal(new FieldGap("name", 2), Assert.Single(review.Missing));
        Assert.Equal((4L, 1, 1L, 3L), (review.Segments, review.LongestSegments, review.Ucs2, review.Requests));
        Assert.Equal(["Ł"], review.NotGsm);
        Assert.Equal(TimeSpan.FromSeconds(1.5), review.HandedOverAt - review.StartsAt);

        Assert.True((await ScheduleAsync(owner, id, acceptSkips: true)).Ok);
        Assert.Equal(StartOutcome.Started, await StartAsync(owner, id));
        var view = await PageAsync(owner, id);
        Assert.Equal((review.Messages, review.Skipped), (view.Line.Outcome.Waiting, view.Line.Outcome.Skipped));
        Assert.Equal(review.Listed - review.Duplicates, view.Line.Outcome.People);
        Assert.Equal(review.Requests, await ScalarAsync<long>($"select count(*) from app.batches where tenant_id = '{owner.TenantId}'"));
        Assert.Equal(
            [(Portal.Dispatch.SkipReason.MissingField, review.Incomplete), (Portal.Dispatch.SkipReason.Suppressed, review.Suppressed)],
            view.Skips.OrderBy(s => s.Reason.ToString(), StringComparer.Ordinal).Select(s => (s.Reason, s.People)));
    }

    [Theory]
    [InlineData("Hello")]
    [InlineData("Hello {{name}}")]
    public async Task Whom_the_rules_keep_out_is_told_by_reason_and_country_and_prepared_the_same(string text)
    {
        var owner = await Fixture.NewTenantAsync();
        var list = await NewListAsync(
            owner, "Abroad", ("8613900000001", "Li"), ("8613900000002", "Wang"), ("6581000001", "Tan"), ("6581000002", "Lim"), ("66812345678", "Som"), ("8613900000003", "Zhao"));
        await SqlAsync($"""
            update app.contacts set country = case when number like '65%' then 'SG' when number like '66%' then 'TH' else 'CN' end where tenant_id = '{owner.TenantId}';
            insert into app.suppressions (tenant_id, number, reason, source, at) values ('{owner.TenantId}', '66812345678', 'opted_out', 'test', now());
            insert into app.trials (tenant_id, since) values ('{owner.TenantId}', now());
            insert into app.own_numbers (tenant_id, slot, number, added_at, added_by_name) values ('{owner.TenantId}', 1, '8613900000001', now(), 'x'), ('{owner.TenantId}', 2, '8613900000003', now(), 'x')
            """);
        var id = await ReadyAsync(owner, list, await NewAccountAsync(owner), text);

        var review = (await Get<ReviewCampaign>().RunAsync(owner, id, None))!;
        Assert.Equal((6L, 1L, 1L, 0L, 2L), (review.Listed, review.Suppressed, review.Trial, review.TooOften, review.Messages));
        Assert.Equal([new CountryCount("SG", 2)], review.OtherCountries);
        Assert.Equal(4, review.Skipped);

        Assert.True((await ScheduleAsync(owner, id)).Ok);
        Assert.Equal(StartOutcome.Started, await StartAsync(owner, id));
        var view = await PageAsync(owner, id);
        Assert.Equal((review.Messages, review.Skipped), (view.Line.Outcome.Waiting, view.Line.Outcome.Skipped));
        Assert.Equal(
            [(Portal.Dispatch.SkipReason.Country, 2L), (Portal.Dispatch.SkipReason.Suppressed, 1L), (Portal.Dispatch.SkipReason.Trial, 1L)],
            view.Skips.OrderBy(s => s.Reason.ToString(), StringComparer.Ordinal).Select(s => (s.Reason, s.People)));
        var people = await Get<CampaignPeople>().RunAsync(owner, new(id, PersonState.Skipped), None);
        Assert.Equal(["country", "country", "suppressed", "trial"], people.Lines.Select(l => l.Word).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Hello")]
    [InlineData("Hello {{name}}")]
    public async Task Whom_campaigns_reached_often_enough_is_told_before_and_left_out(string text)
    {
        var owner = await Fixture.NewTenantAsync();
        Assert.True((await Get<ChangeSendingRules>().RunAsync(owner, new(null, 1, 7), None)).Ok);
        var account = await NewAccountAsync(owner);
        var two = await NewListAsync(owner, "Two", ("8613900000001", "Li"), ("8613900000002", "Wang"));
        var first = await ReadyAsync(owner, two, account, "Yesterday's news");
        Assert.True((await ScheduleAsync(owner, first)).Ok);
        Assert.Equal(StartOutcome.Started, await StartAsync(owner, first));
        await SqlAsync($"update app.batches set state = 'accepted' where tenant_id = '{owner.TenantId}'");
        var id = await ReadyAsync(owner, await NewListAsync(owner, "Three", ("8613900000001", null), ("8613900000002", null), ("8613900000003", "Zhao")), account, text);

        var review = (await Get<ReviewCampaign>().RunAsync(owner, id, None))!;
        Assert.Equal((3L, 2L, 2L, 1L), (review.Listed, review.TooOften, review.Skipped, review.Messages));

        Assert.True((await ScheduleAsync(owner, id)).Ok);
        Assert.Equal(StartOutcome.Started, await StartAsync(owner, id));
        var view = await PageAsync(owner, id);
        Assert.Equal((1L, 2L), (view.Line.Outcome.Waiting, view.Line.Outcome.Skipped));
        Assert.Equal((Portal.Dispatch.SkipReason.Frequency, 2L), view.Skips.Select(s => (s.Reason, s.People)).Single());
    }

    [Fact]
    public async Task Who_is_put_off_because_it_is_quiet_there_is_told_before_and_on_the_page()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewReadyDraftAsync(owner);
        await SqlAsync($"update app.contacts set country = 'CN' where tenant_id = '{owner.TenantId}'");
        var free = (await Get<ReviewCampaign>().RunAsync(owner, id, None))!;
        Assert.Empty(free.QuietMoves);
        var now = TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(Zone)).DateTime);
        var ends = new TimeOnly(now.AddMinutes(50).Hour, now.AddMinutes(50).Minute);
        Assert.Empty((await Get<ChangeQuietHours>().RunAsync(owner, [new("CN", now.AddHours(-1), ends)], None)).Problems);
        var review = (await Get<ReviewCampaign>().RunAsync(owner, id, None))!;
        var move = Assert.Single(review.QuietMoves);
        Assert.Equal(("CN", 3L, false, false), (move.Country, move.People, move.Never, move.Dropped));
        Assert.Equal(ends, TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(move.Until, TimeZoneInfo.FindSystemTimeZoneById(Zone)).DateTime));
        Assert.Equal(move.Until, review.HandedOverAt);

        // Until after the last time that was allowed: they get nothing.
        await SaveAsync(owner, Input(await DraftAsync(owner, id)) with { NotAfter = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow().AddMinutes(20), TimeZoneInfo.FindSystemTimeZoneById(Zone)).DateTime });
        review = (await Get<ReviewCampaign>().RunAsync(owner, id, None))!;
        Assert.True(Assert.Single(review.QuietMoves).Dropped);
        Assert.True(review.HandedOverAt < move.Until);

        Assert.True((await ScheduleAsync(owner, id)).Ok);
        Assert.Equal(StartOutcome.Started, await StartAsync(owner, id));
        Assert.True(await ScalarAsync<bool>($"select s.last_at = c.not_after from app.sendings s join app.campaigns c on c.sending_id = s.id where c.id = '{id}'"));
        Assert.Empty((await PageAsync(owner, id)).Quiet);
        await SqlAsync($"update app.batches set why = 'quiet:CN', not_before = now() + interval '1 hour' where tenant_id = '{owner.TenantId}'");
        var wait = Assert.Single((await PageAsync(owner, id)).Quiet);
        Assert.Equal(("CN", 3L, ends), (wait.Country, wait.People, wait.Ends));
    }

    [Fact]
    public async Task Who_is_of_no_known_country_waits_for_every_country_with_the_code_and_is_told_too()
    {
        var owner = await Fixture.NewTenantAsync();
        // Nobody looked up whose they are. A code of one country alone is that country's.
        var list = await NewListAsync(owner, "Unknown", ("8613900000001", "Li"), ("12025550101", "Ann"), ("12025550102", "Bob"));
        await SqlAsync($"update app.contacts set country = null where tenant_id = '{owner.TenantId}'; update app.tenant_settings set extra_countries = array['CA', 'US'] where tenant_id = '{owner.TenantId}'");
        var id = await ReadyAsync(owner, list, await NewAccountAsync(owner), "Tasting on Friday.");
        var now = TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("America/New_York")).DateTime);
        Assert.Empty((await Get<ChangeQuietHours>().RunAsync(owner, [new("US", now.AddHours(-1), now.AddMinutes(50))], None)).Problems);
        var review = (await Get<ReviewCampaign>().RunAsync(owner, id, None))!;
        Assert.Equal(3, review.Messages);
        var move = Assert.Single(review.QuietMoves);
        Assert.Equal(("+1", 2L, false, false), (move.Country, move.People, move.Never, move.Dropped));
        Assert.True(move.Until > review.StartsAt);

        // So says what decides when they would leave.
        Assert.True((await ScheduleAsync(owner, id)).Ok);
        Assert.Equal(StartOutcome.Started, await StartAsync(owner, id));
        Assert.Equal("2 +1, 1 CN", await ScalarAsync<string>($"""
            select string_agg(q.people || ' ' || q.country, ', ' order by q.people desc)
            from app.sendings s join app.batches b on b.tenant_id = s.tenant_id and b.sending_id = s.id
            cross join lateral (select p.country, count(*) as people from app.quiet_people(s.tenant_id, s.id, s.month, b.numbers, 0, now()) p group by 1) q
            where s.tenant_id = '{owner.TenantId}'
            """));
        await SqlAsync($"update app.batches set why = 'quiet:+1', not_before = now() + interval '1 hour' where tenant_id = '{owner.TenantId}'");
        var wait = Assert.Single((await PageAsync(owner, id)).Quiet);
        Assert.Equal(("+1", 3L, null), (wait.Country, wait.People, wait.Ends));
    }

    [Theory]
    [InlineData("2026-12-01T10:00Z", "2026-12-01T17:00", "2026-12-01T09:00Z")]
    [InlineData("2026-12-01T08:00Z", "2026-12-01T17:00", "2026-12-01T08:00Z")]
    [InlineData(null, "2026-12-01T17:00", "2026-12-01T09:00Z")]
    [InlineData("2026-12-01T08:00Z", null, "2026-12-01T08:00Z")]
    [InlineData(null, null, null)]
    public void The_last_allowed_time_is_the_earlier_of_the_two_that_can_be_asked_for(string? notAfter, string? finishBy, string? last)
    {
        var campaign = new Campaign { Name = "", CreatedByName = "", TimeZone = Zone, NotAfter = At(notAfter), FinishBy = finishBy is null ? null : Time(finishBy) };
        Assert.Equal(At(last), CampaignPace.LastAt(campaign));
    }

    [Fact]
    public async Task A_campaign_that_waits_for_a_limit_says_which_and_until_when()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await NewStartedAsync(owner);
        Assert.Null((await PageAsync(owner, id)).Waits);
        await SqlAsync($"""
            insert into app.limits (tenant_id, account_id, set_by, day_messages) values ('{owner.TenantId}', '{Guid.Empty}', 'tenant', 10000);
            update app.sendings set waits_for = 'day_messages', waits_until = now() + interval '1 minute' where tenant_id = '{owner.TenantId}'
            """);
        var waits = (await PageAsync(owner, id)).Waits!;
        Assert.Equal(("day_messages", 10_000L, Zone), (waits.Why, waits.Most, waits.TimeZone));
        Assert.Equal(TimeSpan.Zero, TimeZoneInfo.ConvertTime(waits.AgainAt, TimeZoneInfo.FindSystemTimeZoneById(Zone)).TimeOfDay);
        // Once it was looked at again and went on, the word is stale.
        await SqlAsync($"update app.sendings set waits_until = now() - interval '1 minute' where tenant_id = '{owner.TenantId}'");
        Assert.Null((await PageAsync(owner, id)).Waits);
    }

    [Fact]
    public async Task One_text_for_everybody_is_counted_without_looking_at_each()
    {
        var owner = await Fixture.NewTenantAsync();
        var id = await ReadyAsync(owner, await NewListAsync(owner, "Members", 1050), await NewAccountAsync(owner), new string('长', 71));
        var review = (await Get<ReviewCampaign>().RunAsync(owner, id, None))!;
        Assert.Equal((1050L, 2100L, 11L, 1050L), (review.Messages, review.Segments, review.Requests, review.Ucs2));
        Assert.Equal(["长"], review.NotGsm);
    }

    [Fact]
    public async Task The_same_text_to_mostly_the_same_people_within_a_week_is_told()
    {
        var owner = await Fixture.NewTenantAsync();
        await NewStartedAsync(owner, people: 10);
        var (list, account) = (await ScalarAsync<Guid>($"select id from app.lists where tenant_id = '{owner.TenantId}'"), await NewAccountAsync(owner, "Another"));
        var again = await ReadyAsync(owner, list, account);
        var other = await ReadyAsync(owner, list, account, "Something else.");

        var told = (await Get<ReviewCampaign>().RunAsync(owner, again, None))!.SameTextLately;
        Assert.Equal(("Winter tasting", 10L), (told!.Name, told.People));
        Assert.Null((await Get<ReviewCampaign>().RunAsync(owner, other, None))!.SameTextLately);
    }

    [Fact]
    public async Task A_review_of_an_empty_draft_lists_what_is_missing()
    {
        var owner = await Fixture.NewTenantAsync();
        var review = (await Get<ReviewCampaign>().RunAsync(owner, await NewDraftAsync(owner), None))!;
        Assert.Equal(["Text", "AccountId", "ListIds"], review.Problems.Select(p => p.Field));
    }

    [Theory]
    [InlineData("Tea today. Reply STOP to unsubscribe.", "Reply STOP")]
    [InlineData("Text 'stop' to end", "Text 'stop")]
    [InlineData("Send TD and we stop", "Send TD")]
    [InlineData("双十二全场五折，回T退订", "回T")]
    [InlineData("新茶上市，拒收请回复R", "拒收请回复R")]
    [InlineData("退订回复TD", "退订回复TD")]
    [InlineData("回复“退订”", "回复“退订")]
    [InlineData("Reply by mail is welcome", null)]
    [InlineData("Thank you for your reply. Stop by soon!", null)]
    [InlineData("您的回复已收到，谢谢", null)]
    [InlineData("退订短信请到官网", null)]
    public void Words_that_ask_for_an_answer_are_found(string text, string? found) => Assert.Equal(found, ReplyWords.Find(text));

    [Theory]
    [InlineData("2027-10-03T02:10", "Australia/Lord_Howe", "2027-10-03T02:30")]
    [InlineData("2027-03-14T02:59", "America/New_York", "2027-03-14T03:00")]
    public void A_gap_names_the_next_time_that_exists(string wall, string zone, string next)
    {
        var problem = Assert.Single(PlannedTime.Read(Time(wall), zone, DateTimeOffset.MinValue).Problems);
        Assert.Equal("time_gap", problem.Code);
        Assert.Equal(Time(next), problem.Values[0]);
    }

    [Fact]
    public void A_zone_that_nobody_knows_is_refused() =>
        Assert.Equal("zone_unknown", Assert.Single(PlannedTime.Read(Time("2027-01-01T10:00"), "Mars/Olympus", DateTimeOffset.MinValue).Problems).Code);

    private static DateTimeOffset? At(string? text) => text is null ? null : DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static DateTime Time(string text) => DateTime.ParseExact(text, "yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
