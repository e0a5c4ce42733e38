using Npgsql;
using Portal.Data;
using Portal.Receipts;

namespace Portal.IntegrationTests.Receipts;

/// <summary>Ids are given before their commit: what becomes visible late, behind what was read, is read all the same.</summary>
public sealed class InboxCursorTests(PortalFixture portal) : IClassFixture<PortalFixture>, IAsyncLifetime
{
    private readonly HandClock _clock = new();
    private NpgsqlConnection? _connection;
    private InboxCursor? _cursor;

    public async Task InitializeAsync()
    {
        await portal.Database.AdminAsync("truncate infra.receipt_inbox");
        _connection = await portal.Databases[DatabaseRole.Applier].OpenConnectionAsync();
        _cursor = new InboxCursor(_clock);
        _cursor.Begin(all: true);
    }

    public async Task DisposeAsync() => await _connection!.DisposeAsync();

    [Fact]
    public async Task What_was_read_is_not_read_again_and_what_was_left_out_is()
    {
        await CommitAsync(1, 2, 4);
        Assert.Equal([1, 2, 4], await TakeAsync());
        Assert.Empty(await TakeAsync());
        await CommitAsync(3, 6);
        Assert.Equal([3, 6], await TakeAsync());
        await CommitAsync(5);
        Assert.Equal([5], await TakeAsync());
    }

    [Fact]
    public async Task More_than_fit_come_with_the_next_reading()
    {
        await CommitAsync(1, 2, 3, 4, 5);
        Assert.Equal([1, 2], await TakeAsync(2));
        Assert.Equal([3, 4], await TakeAsync(2));
        Assert.Equal([5], await TakeAsync(2));
    }

    [Fact]
    public async Task What_comes_half_a_minute_late_is_read_within_the_minute_and_whatever_comes_later_within_the_hour()
    {
        await CommitAsync(10);
        Assert.Equal([10], await TakeAsync());
        await AppliedAsync();
        await CommitAsync(20);
        Assert.Equal([20], await TakeAsync());
        await AppliedAsync();
        _clock.Pass(TimeSpan.FromSeconds(31));
        Assert.Empty(await TakeAsync());
        await CommitAsync(15);
        Assert.Empty(await TakeAsync());
        _clock.Pass(TimeSpan.FromSeconds(31));
        Assert.Equal([15], await TakeAsync());
        await AppliedAsync();

        // Two minutes later its place is far behind.
        for (var minute = 0; minute < 2; minute++)
        {
            await CommitAsync(30 + minute);
            await TakeAsync();
            await AppliedAsync();
            _clock.Pass(TimeSpan.FromSeconds(61));
            Assert.Empty(await TakeAsync());
        }
        await CommitAsync(12);
        Assert.Empty(await TakeAsync());
        _clock.Pass(TimeSpan.FromHours(1));
        Assert.Equal([12], await TakeAsync());
    }

    private Task CommitAsync(params long[] ids) => portal.Database.AdminAsync(
        $"insert into infra.receipt_inbox (id, body) overriding system value select i, '' from unnest(array[{string.Join(',', ids)}]::bigint[]) i");

    private Task AppliedAsync() => portal.Database.AdminAsync("delete from infra.receipt_inbox");

    private async Task<List<long>> TakeAsync(int most = 1000)
    {
        _cursor!.Begin(all: false);
        return (await _cursor.TakeAsync(_connection!, most, CancellationToken.None)).ConvertAll(r => r.Id);
    }

    private sealed class HandClock : TimeProvider
    {
        private long _ticks = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan time) => _ticks += time.Ticks;
    }
}
