using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.Receipts;

/// <summary>
/// Takes raw receipts into <c>infra.receipt_inbox</c>: many requests in one durable commit (group commit). Groups form by
/// themselves while the previous commit runs; nobody waits for a timer. While the database is away they go to a file that is
/// flushed to the disk, and from there to the inbox. Nothing is read or looked up here.
/// </summary>
public sealed class ReceiptInbox : BackgroundService
{
    private const int MostInGroup = 1000;
    private const int AnsweredTogether = 32;
    private static readonly TimeSpan _lookAgain = TimeSpan.FromSeconds(1);

    private readonly Channel<Arrival> _arrivals;
    private readonly InboxWriter _writer;
    private readonly ReceiptSpool _spool;
    private readonly TimeProvider _clock;
    private readonly ILogger<ReceiptInbox> _log;
    private Task<bool>? _waiting;
    private long _spooled;

    internal ReceiptInbox(InboxWriter writer, ReceiptSpool spool, IOptions<ReceiptsOptions> options, TimeProvider clock, ILogger<ReceiptInbox> log)
    {
        (_writer, _spool, _clock, _log) = (writer, spool, clock, log);
        _arrivals = Channel.CreateBounded<Arrival>(new BoundedChannelOptions(options.Value.Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    }

    /// <summary>Bytes on this machine's disk that wait for the database.</summary>
    public long Spooled => Volatile.Read(ref _spooled);

    /// <summary>
    /// True once the receipt is durable: only then may <c>OK</c> be answered. False: it was not stored, and the provider
    /// should push it again.
    /// </summary>
    /// <param name="token">Of the address that it came over; from here on only its hash is known.</param>
    /// <param name="body">Null: it was longer than any receipt; it waits as one would, and is not kept.</param>
    public Task<bool> StoreAsync(byte[]? body, IPAddress? source, string? token)
    {
        // A listener for both kinds of addresses tells IPv4 in the clothes of IPv6.
        var plain = source is { IsIPv4MappedToIPv6: true } ? source.MapToIPv4() : source;
        var arrival = new Arrival(_clock.GetUtcNow(), plain, token is null ? null : ReceiptToken.HashOf(token), body);
        return _arrivals.Writer.TryWrite(arrival) ? arrival.Stored.Task : Task.FromResult(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var group = new List<Arrival>(MostInGroup);
        // Runs to the end of what was taken in: an answer is owed for each.
        await using var ending = stoppingToken.Register(() => _arrivals.Writer.TryComplete());
        var replayed = false;
        while (await SomethingToDoAsync(replayed))
        {
            replayed = await _spool.ReplayAsync(_writer);
            group.Clear();
            while (group.Count < MostInGroup && _arrivals.Reader.TryRead(out var arrival))
                group.Add(arrival);
            var stored = await StoreAsync(group.FindAll(a => a.Body is not null));
            Volatile.Write(ref _spooled, _spool.Bytes);
            Answer(group, stored);
        }
        await _writer.DisposeAsync();
        _spool.Close();
    }

    // Not one by one: to wake a thread for each answer costs a good part of what the answer does.
    private static void Answer(List<Arrival> group, bool stored)
    {
        foreach (var some in group.Chunk(AnsweredTogether))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static answer =>
            {
                foreach (var arrival in answer.some)
                    arrival.Stored.SetResult(answer.stored);
            }, (some, stored), preferLocal: false);
        }
    }

    /// <summary>False at the end: nothing will arrive any more. What is in the spool then is for the next start.</summary>
    private async Task<bool> SomethingToDoAsync(bool atOnce)
    {
        if (_arrivals.Reader.TryPeek(out _))
            return true;
        if (atOnce)
            return !_arrivals.Reader.Completion.IsCompleted;
        _waiting ??= _arrivals.Reader.WaitToReadAsync().AsTask();
        if (await Task.WhenAny(_waiting, Task.Delay(_lookAgain, _clock)) != _waiting)
            return true;
        var more = await _waiting;
        _waiting = null;
        return more;
    }

    private async Task<bool> StoreAsync(List<Arrival> group)
    {
        if (group.Count == 0)
            return true;
        // What came first is stored first: while something waits in the spool, the rest lines up behind it.
        if (_spool.IsEmpty && await _writer.InsertAsync(group))
            return true;
        if (_spool.TryAppend(group))
            return true;
        // No room: rather out of turn than not at all.
        if (!_spool.IsEmpty && await _writer.InsertAsync(group))
            return true;
        ReceiptsLog.NotStored(_log, group.Count);
        return false;
    }
}
