using System.Globalization;
using Portal.Campaigns;
using Portal.Tenants;

namespace Portal.IntegrationTests.Campaigns;

/// <summary>Schedules over a real database, and ways to make their runs due.</summary>
public abstract class SchedulesRig(PortalFixture fixture) : CampaignsRig(fixture)
{
    // One instant for all: a minute later it may be another day.
    private static readonly DateTime _lastRun = Here(TimeProvider.System.GetUtcNow().AddHours(-3));

    /// <summary>Daily three hours ago by the clock of <see cref="CampaignsRig.Zone"/>: the next run is far ahead, the last was not long ago.</summary>
    protected static string Daily { get; } = "daily 1 " + _lastRun.ToString("HH:mm", CultureInfo.InvariantCulture);

    protected static DateOnly Today => DateOnly.FromDateTime(Here(TimeProvider.System.GetUtcNow()));

    /// <summary>The day of the next run of <see cref="Daily"/>.</summary>
    protected static DateOnly NextDay => DateOnly.FromDateTime(_lastRun).AddDays(1);

    protected static DateTime Here(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(Zone)).DateTime;

    protected async Task<Guid> RepeatingDraftAsync(Member member, RepeatInput repeat, string text = "Tasting on Friday.")
    {
        var list = await NewListAsync(member, "Members " + Guid.NewGuid().ToString("N")[..6], ("8613900000001", null), ("8613900000002", null), ("8613900000003", null));
        var account = await NewAccountAsync(member, "Lantern " + Guid.NewGuid().ToString("N")[..6]);
        return await NewDraftAsync(member, i => i with { ListIds = [list], AccountId = account, Text = text, Repeat = repeat });
    }

    protected async Task<Guid> NewScheduleAsync(Member member, string? rule = null, DateOnly? until = null, int? within = null)
    {
        var draft = await RepeatingDraftAsync(member, new(rule ?? Daily, Today.AddDays(-30), until, within));
        var made = await CreateAsync(member, draft);
        Assert.Empty(made.Problems);
        return made.Value;
    }

    protected async Task<Result<Guid>> CreateAsync(Member member, Guid draft, bool acceptSkips = false) =>
        await Get<CreateSchedule>().RunAsync(member, new(draft, (await DraftAsync(member, draft)).Version, acceptSkips), None);

    /// <summary>As if so many daily runs had been missed.</summary>
    protected Task PassAsync(Guid schedule, int days) => SqlAsync(
        $"update app.schedules set next_occurrence = next_occurrence - interval '{days} days', next_due_at = next_due_at - interval '{days} days' where id = '{schedule}'");

    protected Task<Guid?> MakeAsync(Member member, Guid schedule) => Get<MakeRun>().RunAsync(member.Scope, schedule, None);

    protected async Task<ScheduleView> ScheduleAsync(Guid schedule, Member member) => (await Get<SchedulePage>().RunAsync(member, schedule, None))!;

    protected Task<long> RunsAsync(Guid schedule) => ScalarAsync<long>($"select count(*) from app.campaigns where schedule_id = '{schedule}'");

    /// <summary>A campaign that could not start in time.</summary>
    protected async Task<Guid> NewMissedAsync(Member member)
    {
        var id = await NewReadyDraftAsync(member);
        Assert.Empty((await ScheduleAsync(member, id)).Problems);
        await SqlAsync($"update app.campaigns set due_at = clock_timestamp() - interval '2 hours', not_after = clock_timestamp() - interval '1 hour' where id = '{id}'");
        Assert.Equal(StartOutcome.Missed, await StartAsync(member, id));
        return id;
    }

    protected static string Code<T>(Result<T> result) => Assert.Single(result.Problems).Code;
}
