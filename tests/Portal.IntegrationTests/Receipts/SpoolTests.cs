using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Receipts;

namespace Portal.IntegrationTests.Receipts;

/// <summary>Receipts on the disk while the database is away, and deaths between there and the inbox.</summary>
public sealed class SpoolTests(PortalFixture portal) : IClassFixture<PortalFixture>, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-spool-").FullName;

    public async Task InitializeAsync() => await portal.Database.AdminAsync("truncate infra.receipt_inbox, infra.receipt_spools");

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_a_process_leaves_behind_the_next_one_brings_to_the_inbox_with_time_source_and_token()
    {
        var early = TimeProvider.System.GetUtcNow().AddMinutes(-10);
        var spool = Spool();
        Assert.True(spool.TryAppend([Receipt("one", early, IPAddress.Parse("203.0.113.7"), "token"), Receipt("two")]));
        Assert.True(spool.TryAppend([Receipt("three", source: IPAddress.IPv6Loopback)]));
        spool.Close();

        await DrainAsync(Spool());
        Assert.Equal(["one 203.0.113.7 token", "two - -", "three ::1 -"], await InboxAsync());
        Assert.Equal(1L, await portal.Database.AdminScalarAsync<long>("select count(*) from infra.receipt_inbox where received_at between now() - interval '11 minutes' and now() - interval '9 minutes'"));
        Assert.Empty(Directory.GetFiles(_folder));
        Assert.Equal(0L, await portal.Database.AdminScalarAsync<long>("select count(*) from infra.receipt_spools"));
    }

    [Fact]
    public async Task A_death_between_the_commit_and_the_end_of_the_file_brings_nothing_twice()
    {
        var spool = Spool();
        Assert.True(spool.TryAppend([Receipt("one"), Receipt("two")]));
        await using (var writer = Writer())
            Assert.True(await spool.ReplayAsync(writer));
        Assert.Equal(["one - -", "two - -"], await InboxAsync());
        // The file is still there, and so is its mark.
        spool.Close();
        Assert.Single(Directory.GetFiles(_folder));

        await DrainAsync(Spool());
        Assert.Equal(["one - -", "two - -"], await InboxAsync());
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_not_repeated()
    {
        var spool = Spool();
        Assert.True(spool.TryAppend([Receipt("one")]));
        await using var writer = Writer();
        var file = Assert.Single(Directory.GetFiles(_folder));
        var id = Guid.Parse(Path.GetFileNameWithoutExtension(file));
        // As if the statement had been sent twice: the mark has moved the first time.
        Assert.True(await writer.ReplayAsync(id, 0, new FileInfo(file).Length, [Receipt("one")]));
        Assert.True(await writer.ReplayAsync(id, 0, new FileInfo(file).Length, [Receipt("one")]));
        await DrainAsync(spool);
        Assert.Equal(["one - -"], await InboxAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(11)]
    [InlineData(40)]
    public async Task A_group_that_a_death_left_half_written_is_left_out_and_the_file_kept_for_a_person(int bytes)
    {
        var spool = Spool();
        Assert.True(spool.TryAppend([Receipt("one")]));
        spool.Close();
        var path = Assert.Single(Directory.GetFiles(_folder));
        var whole = await File.ReadAllBytesAsync(path);
        await using (var file = new FileStream(path, FileMode.Append))
            await file.WriteAsync(whole.AsMemory(0, Math.Min(bytes, whole.Length - 1)));

        await DrainAsync(Spool());
        Assert.Equal(["one - -"], await InboxAsync());
        Assert.Equal([path + ".torn"], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_group_whose_bytes_were_changed_is_not_believed()
    {
        var spool = Spool();
        Assert.True(spool.TryAppend([Receipt("one")]));
        spool.Close();
        var path = Assert.Single(Directory.GetFiles(_folder));
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        await DrainAsync(Spool());
        Assert.Empty(await InboxAsync());
        Assert.Equal([path + ".torn"], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_file_whose_process_lives_is_left_to_it()
    {
        var living = Spool();
        Assert.True(living.TryAppend([Receipt("one")]));
        await DrainAsync(Spool());
        Assert.Empty(await InboxAsync());
        await DrainAsync(living);
        Assert.Equal(["one - -"], await InboxAsync());
    }

    [Fact]
    public async Task A_file_that_fails_stops_neither_the_others_nor_what_comes()
    {
        var before = Spool();
        Assert.True(before.TryAppend([Receipt("one")]));
        before.Close();
        var spool = Spool();
        await using var writer = Writer();
        Assert.True(await spool.ReplayAsync(writer));
        // It is in the inbox, and cannot be taken away.
        var path = Assert.Single(Directory.GetFiles(_folder));
        File.Delete(path);
        Directory.CreateDirectory(path);
        Assert.True(spool.TryAppend([Receipt("two")]));
        await UntilAsync(async () => (await InboxAsync()).Length == 2);
        Assert.False(spool.IsEmpty);
        Directory.Delete(path);
        await UntilAsync(() => Task.FromResult(spool.IsEmpty));
        Assert.Equal(["one - -", "two - -"], await InboxAsync());
        Assert.Empty(Directory.GetFiles(_folder));

        async Task UntilAsync(Func<Task<bool>> holds)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (!await holds())
            {
                if (!await spool.ReplayAsync(writer))
                    await Task.Delay(50, limit.Token);
            }
        }
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_is_said_and_not_answered_for()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "");
        Assert.False(Spool(Path.Combine(_folder, "file")).TryAppend([Receipt("one")]));
    }

    [Fact]
    public async Task An_IPv4_address_is_kept_as_one()
    {
        await using var services = portal.Build(s => s.AddReceiptInbox().Configure<ReceiptsOptions>(o => o.SpoolDirectory = _folder));
        var inbox = services.GetRequiredService<ReceiptInbox>();
        await inbox.StartAsync(CancellationToken.None);
        Assert.True(await inbox.StoreAsync("one"u8.ToArray(), IPAddress.Parse("::ffff:203.0.113.7"), null));
        await inbox.StopAsync(CancellationToken.None);
        Assert.Equal(["one 203.0.113.7 -"], await InboxAsync());
    }

    [Fact]
    public async Task Nothing_is_lost_or_doubled_over_outages_and_restarts()
    {
        var pushed = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            await using var services = portal.Build(s => s.AddReceiptInbox().Configure<ReceiptsOptions>(o => o.SpoolDirectory = _folder));
            var inbox = services.GetRequiredService<ReceiptInbox>();
            await inbox.StartAsync(CancellationToken.None);
            await PushAsync(inbox, $"up{round}", pushed);
            var outage = await Outage.BeginAsync(portal.Database);
            await PushAsync(inbox, $"away{round}", pushed);
            if (round == 1)
                await inbox.StopAsync(CancellationToken.None);
            await outage.DisposeAsync();
            if (round != 1)
                await PushAsync(inbox, $"back{round}", pushed);
            await inbox.StopAsync(CancellationToken.None);
        }
        await DrainAsync(Spool());
        Assert.Equal(pushed.Order(StringComparer.Ordinal), (await InboxAsync()).Select(r => r.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    private static async Task PushAsync(ReceiptInbox inbox, string name, List<string> pushed)
    {
        var bodies = Enumerable.Range(0, 50).Select(i => $"{name}-{i}").ToList();
        Assert.All(await Task.WhenAll(bodies.Select(b => inbox.StoreAsync(Encoding.UTF8.GetBytes(b), null, null))), Assert.True);
        pushed.AddRange(bodies);
    }

    private async Task DrainAsync(ReceiptSpool spool)
    {
        await using var writer = Writer();
        await spool.ReplayAsync(writer);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!spool.IsEmpty)
        {
            // A connection that an outage cut shows only when it is used.
            if (!await spool.ReplayAsync(writer))
                await Task.Delay(100, limit.Token);
        }
        spool.Close();
    }

    private ReceiptSpool Spool(string? folder = null) =>
        new(Options.Create(new ReceiptsOptions { SpoolDirectory = folder ?? _folder }), TimeProvider.System, NullLogger<ReceiptSpool>.Instance);

    private InboxWriter Writer() => new(portal.Services.GetRequiredService<Databases>(), TimeProvider.System, NullLogger<InboxWriter>.Instance);

    private static Arrival Receipt(string body, DateTimeOffset? at = null, IPAddress? source = null, string? token = null) =>
        new(at ?? TimeProvider.System.GetUtcNow(), source, token, Encoding.UTF8.GetBytes(body));

    private Task<string[]> InboxAsync() => portal.Database.AdminScalarAsync<string[]>(
        "select coalesce(array_agg(concat_ws(' ', encode(body, 'escape'), coalesce(host(source), '-'), coalesce(token, '-')) order by id), '{}') from infra.receipt_inbox");
}
