using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.Receipts;

/// <summary>
/// Receipts on this machine's disk while the database is away, and on their way from there to the inbox: those of this
/// process, and those that a process before it left behind. For one caller at a time.
/// </summary>
internal sealed class ReceiptSpool(IOptions<ReceiptsOptions> options, TimeProvider clock, ILogger<ReceiptSpool> log, IHostEnvironment? host = null)
{
    private const int InOneGo = 5000;
    private static readonly TimeSpan _orphansEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _afterFailure = TimeSpan.FromSeconds(1);

    private readonly List<SpoolFile> _files = [];
    private SpoolFile? _own;
    private long? _replayedTo;
    private long? _lookedAt;
    private long? _failedAt;

    /// <summary>Nothing waits for its way to the inbox.</summary>
    public bool IsEmpty => _files.Count == 0;

    /// <summary>Bytes of what waits; what was brought to the inbox from a file goes with the file.</summary>
    public long Bytes => _files.Sum(f => f.Length);

    private string? Folder { get; } = options.Value.SpoolDirectory.Length > 0 ? options.Value.SpoolDirectory
        : host is null ? null : Path.Combine(host.ContentRootPath, ".portal", "spool");

    /// <summary>True once the group is on the disk. False: there is no room for it, or no disk.</summary>
    public bool TryAppend(IReadOnlyList<Arrival> group)
    {
        if (Folder is null || Bytes >= options.Value.SpoolMegabytes * 1024L * 1024)
            return false;
        try
        {
            if (_own is null)
                _files.Add(_own = SpoolFile.Create(Folder));
            _own.Append(group);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ReceiptsLog.SpoolFailed(log, e);
            return false;
        }
    }

    /// <summary>Brings the next part to the inbox, if there is one and the database takes it.</summary>
    /// <returns>True: it got on, and there may be more to bring at once.</returns>
    public async Task<bool> ReplayAsync(InboxWriter writer)
    {
        TakeOrphans();
        if (IsEmpty || (_failedAt is { } at && clock.GetElapsedTime(at) < _afterFailure))
            return false;
        try
        {
            return await BringAsync(_files[0], writer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that fails must not stop what comes; one file that fails must not keep the others.
            ReceiptsLog.SpoolUnread(log, e);
            _failedAt = clock.GetTimestamp();
            _files.Add(_files[0]);
            _files.RemoveAt(0);
            _replayedTo = null;
            return false;
        }
    }

    public void Close()
    {
        foreach (var file in _files)
            file.Dispose();
        _files.Clear();
        _own = null;
    }

    private async Task<bool> BringAsync(SpoolFile file, InboxWriter writer)
    {
        _replayedTo ??= await writer.ReplayedToAsync(file.Id);
        if (_replayedTo is not { } from)
            return false;
        var (group, next) = file.Read(from, InOneGo);
        if (group.Count == 0)
        {
            await RemoveAsync(file, writer);
            return true;
        }
        // When nobody knows whether that was committed, the mark in the database tells.
        _replayedTo = await writer.ReplayAsync(file.Id, from, next, group) ? next : null;
        if (_replayedTo is null)
            return false;
        ReceiptsLog.Replayed(log, group.Count);
        return true;
    }

    private async Task RemoveAsync(SpoolFile file, InboxWriter writer)
    {
        // The file first: a mark without a file does no harm, a file without its mark would be replayed again.
        if (_replayedTo < file.Length)
            ReceiptsLog.SpoolTorn(log, file.Id, file.Length - _replayedTo.Value);
        file.Delete(keepAs: _replayedTo < file.Length ? ".torn" : null);
        _files.Remove(file);
        if (_own == file)
            _own = null;
        _replayedTo = null;
        await writer.ForgetAsync(file.Id);
    }

    private void TakeOrphans()
    {
        if (Folder is null || (_lookedAt is { } at && clock.GetElapsedTime(at) < _orphansEvery))
            return;
        _lookedAt = clock.GetTimestamp();
        try
        {
            // Those that this process has are locked as well.
            _files.AddRange(SpoolFile.Orphans(Folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ReceiptsLog.SpoolFailed(log, e);
        }
    }
}
