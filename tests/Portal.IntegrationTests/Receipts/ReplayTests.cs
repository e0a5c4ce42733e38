using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Portal.Accounts;
using Portal.Data;
using Portal.Dispatch;
using Portal.IntegrationTests.Dispatch;
using Portal.Members;
using Portal.Receipts;

namespace Portal.IntegrationTests.Receipts;

/// <summary>What operators see of receipts, what they do not, and parked ones that they have tried again.</summary>
public sealed class ReplayTests(PortalFixture portal) : DispatchTest(portal)
{
    private const string First = "8619800000000";
    private const string Second = "8619800000001";
    private static readonly Operator _ann = new(Guid.CreateVersion7(), "Ann");

    [Fact]
    public async Task A_receipt_whose_account_was_added_meanwhile_is_applied_once_however_often_it_is_replayed()
    {
        await BeginAsync();
        await StartAsync();
        var apiKey = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        await PushAsync("777", First, apiKey: apiKey);
        await PushAsync("777", First, apiKey: apiKey);
        await PushAsync("888", Second, apiKey: "nobody-knows-this-one");
        await UntilParkedAsync(3);

        // Woken, or by their own times, they would find it without anybody's help.
        await PauseAsync();
        await PutAsync("accounts", new { apikey = apiKey, secret = "0123456789abcdef0123456789abcdef", kind = "both" });
        var input = new AddAccountInput(new AccountSettings("Later"), Provider, AccountKind.Both, new TypedKeyPair(apiKey, "0123456789abcdef0123456789abcdef"));
        var account = (await Get<AddAccount>().RunAsync(Owner, input, Ct)).Value;
        var sending = await Attempted.SendingAsync(Portal, Owner, account, "accepted", "777");
        await Portal.Database.AdminAsync("update infra.parked_receipts set next_at = '2100-01-01', tries = 7");
        var again = Get<ReplayParked>();
        var first = (await again.RunAsync(_ann, reason: null, Ct)).Value;
        await GoOnAsync();
        await UntilOverAsync(first);
        Assert.Equal((3L, 3L, 2L), await FiguresAsync(first));
        Assert.Equal(1, (await CountsAsync(sending)).Delivered);
        Assert.Equal(1L, await OneAsync<long>("select count(*) from app.receipts where sending_id = $1", sending));
        // What is left keeps its own time.
        Assert.Equal(1L, await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts where tries = 7 and next_at = '2100-01-01'"));

        var second = (await again.RunAsync(_ann, reason: null, Ct)).Value;
        await UntilOverAsync(second);
        Assert.Equal((1L, 1L, 0L), await FiguresAsync(second));
        Assert.Equal(1, (await CountsAsync(sending)).Delivered);
        Assert.Equal("Ann", (await Get<ReplayList>().RunAsync(_ann, Ct)).Single(r => r.Id == second).AskedBy);
    }

    [Fact]
    public async Task Of_one_reason_only_that_is_tried()
    {
        await BeginAsync();
        await StartAsync();
        await PushAsync("1", First, apiKey: "nobody");
        await PushAsync("1", First);
        await PushAsync("1", Second);
        await UntilParkedAsync(3);
        Assert.Equal("nothing_parked", (await Get<ReplayParked>().RunAsync(_ann, "wrong_token", Ct)).Problems[0].Code);
        var replay = (await Get<ReplayParked>().RunAsync(_ann, "no_message", Ct)).Value;
        await UntilOverAsync(replay);
        Assert.Equal((2L, 2L, 0L), await FiguresAsync(replay));
    }

    [Fact]
    public async Task One_is_under_way_at_a_time_and_a_cancelled_one_does_nothing()
    {
        await BeginAsync();
        await StartAsync();
        await PushAsync("1", First);
        await UntilParkedAsync(1);
        await PauseAsync();
        var first = (await Get<ReplayParked>().RunAsync(_ann, reason: null, Ct)).Value;
        Assert.Equal("replay_under_way", (await Get<ReplayParked>().RunAsync(_ann, reason: null, Ct)).Problems[0].Code);
        Assert.True((await Get<CancelReplay>().RunAsync(_ann with { Name = "Bo" }, first, Ct)).Ok);
        Assert.Equal("replay_over", (await Get<CancelReplay>().RunAsync(_ann, first, Ct)).Problems[0].Code);
        var second = (await Get<ReplayParked>().RunAsync(Operator.Console, reason: null, Ct)).Value;
        await GoOnAsync();
        await UntilOverAsync(second);
        var cancelled = (await Get<ReplayList>().RunAsync(_ann, Ct)).Single(r => r.Id == first);
        Assert.Equal(("Bo", 0L, null), (cancelled.CancelledBy, cancelled.Tried, cancelled.FinishedAt));
        Assert.Equal("replay_over", (await Get<CancelReplay>().RunAsync(_ann, second, Ct)).Problems[0].Code);
    }

    [Fact]
    public async Task An_operator_sees_how_many_are_parked_and_why_and_no_apikey_and_no_number()
    {
        await BeginAsync();
        await StartAsync();
        await PushAsync("1", First, apiKey: "an-apikey-that-nobody-has-xyz9");
        await PushAsync("1", First, apiKey: "short-key");
        await PushAsync("1", Second);
        await UntilParkedAsync(3);
        var view = await Get<ReceiptsWatch>().RunAsync(_ann, Ct);
        Assert.Equal([("no_message", 1L), ("unknown_apikey", 2L)], view.Parked.Select(p => (p.Reason, p.Count)).Order());
        Assert.Equal((0L, null), (view.Waiting, view.OldestWaiting));
        var known = Assert.Single(view.Keys, k => k.Reason == "no_message");
        Assert.Equal((ApiKey[^4..], new Uri(Provider).Authority), (known.Last4, known.Host));
        Assert.NotNull(known.Tenant);
        Assert.Equal(["xyz9", null], view.Keys.Where(k => k.Reason == "unknown_apikey").Select(k => k.Last4).OrderByDescending(k => k));
        var all = JsonSerializer.Serialize(view with { Sources = [] });
        Assert.All((string[])[First, Second, ApiKey, "short-key", "nobody-has"], secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_minute_is_noted_with_what_came_what_was_applied_and_from_where()
    {
        await BeginAsync();
        await Portal.Database.AdminAsync("truncate infra.receipt_minutes, infra.receipt_sources");
        Assert.Null((await Get<ReceiptsWatch>().RunAsync(_ann, Ct)).Pace);
        await using var connection = await Portal.Databases[DatabaseRole.Applier].OpenConnectionAsync(Ct);
        var tally = new ReceiptTally(new MinuteClock());
        await tally.WriteAsync(connection, Ct);
        await Portal.Database.AdminAsync("""
            update infra.receipt_minutes set at = at - interval '61 seconds';
            insert into infra.receipt_inbox (body) select '' from generate_series(1, 122);
            """);
        List<ReadReceipt> group = [.. Enumerable.Range(0, 61).Select(n => Read(n, n < 50 ? "203.0.113.7" : null))];
        tally.Took(group, group.GetRange(0, 3));
        tally.FoundLater(2);
        await tally.WriteAsync(connection, Ct);

        var view = await Get<ReceiptsWatch>().RunAsync(_ann, Ct);
        Assert.Equal(122 / 61.0, view.Pace!.CamePerSecond, 3);
        Assert.Equal(60 / 122.0, view.Pace.AppliedPerSecond, 3);
        Assert.InRange(view.Pace.LagMs!.Value, 1000, 600_000);
        Assert.Equal((122L, 60L, 3L), (view.Hours.Sum(h => h.Came), view.Hours.Sum(h => h.Applied), view.Hours.Sum(h => h.Parked)));
        Assert.Equal([(IPAddress.Parse("203.0.113.7"), 50L, 3L), (null, 11L, 0L)], view.Sources.Select(s => (s.Address, s.Taken, s.Parked)));
        Assert.Equal(122L, view.Waiting);

        static ReadReceipt Read(int id, string? source) =>
            new(new StoredReceipt(id, TimeProvider.System.GetUtcNow().AddSeconds(-2), source is null ? null : IPAddress.Parse(source), null, []), null, []);
    }

    [Theory]
    [InlineData("select body from infra.receipt_inbox")]
    [InlineData("select token from infra.receipt_inbox")]
    [InlineData("select sealed from infra.parked_receipts")]
    [InlineData("select token from infra.parked_receipts")]
    [InlineData("select key_hash from infra.parked_receipts")]
    [InlineData("select * from infra.parked_receipts")]
    [InlineData("update infra.parked_receipts set next_at = now()")]
    [InlineData("delete from infra.parked_receipts")]
    [InlineData("select hash from app.receipt_tokens")]
    [InlineData("select number from app.receipts")]
    [InlineData("select label from app.accounts")]
    [InlineData("update infra.receipt_replays set asked_by_name = 'somebody else'")]
    [InlineData("delete from infra.receipt_replays")]
    public async Task An_operators_role_can_not(string sql)
    {
        await using var command = Portal.Databases[DatabaseRole.Operator].CreateCommand(sql);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal("42501", refused.SqlState);
    }

    private Task BeginAsync() => Portal.Database.AdminAsync("truncate infra.parked_receipts, infra.receipt_inbox, infra.receipt_replays");

    /// <summary>The applier alone: the others take in and send as before.</summary>
    private Task PauseAsync() => Applier.StopAsync(Ct);

    private Task GoOnAsync() => Applier.StartAsync(Ct);

    private ReceiptApplier Applier => Get<IEnumerable<IHostedService>>().OfType<ReceiptApplier>().Single();

    private Task UntilParkedAsync(int count) =>
        UntilAsync(async () => await Portal.Database.AdminScalarAsync<long>("select count(*) from infra.parked_receipts") == count, "all are parked");

    private Task UntilOverAsync(Guid replay) =>
        UntilAsync(async () => (await Get<ReplayList>().RunAsync(_ann, Ct)).Single(r => r.Id == replay).FinishedAt is not null, "the replay is over");

    private async Task<(long Total, long Tried, long Matched)> FiguresAsync(Guid replay)
    {
        var view = (await Get<ReplayList>().RunAsync(_ann, Ct)).Single(r => r.Id == replay);
        return (view.Total, view.Tried, view.Matched);
    }

    /// <summary>Each look at it is a minute later.</summary>
    private sealed class MinuteClock : TimeProvider
    {
        private long _ticks;

        public override long GetTimestamp() => _ticks += TimestampFrequency * 61;
    }
}
