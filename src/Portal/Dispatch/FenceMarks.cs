using System.Globalization;
using System.Text;

namespace Portal.Dispatch;

/// <summary>
/// The last attempt that each block let out, written after its commit and before its first byte: a file a block, so that
/// instances do not wait for each other. A block's first mark is flushed before it counts, later ones once a second: a
/// process that dies loses none, a machine that dies at most the last second's.
/// </summary>
internal sealed class FenceMarks(FenceStore store)
{
    private const int Length = 160;
    private const int Tries = 5;
    private readonly Lock _gate = new();
    private long _block = -1;
    private bool _dirty;

    /// <exception cref="FenceStoreException">It could not be written: nothing may leave.</exception>
    public void Write(long block, FenceMark mark) => store.Do(() =>
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{mark.Number} {mark.TenantId} {mark.SendingId} {mark.BatchNo} {mark.AttemptNo} {mark.Number}").PadRight(Length - 1) + "\n";
        lock (_gate)
        {
            var first = block != _block;
            // Opened each time: another instance may have put the file away meanwhile.
            using (var file = new FileStream(PathOf(block), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
            {
                file.Write(Encoding.ASCII.GetBytes(line));
                if (first)
                    file.Flush(flushToDisk: true);
            }
            if (first)
                FolderFlush.Run(store.Folder);
            (_block, _dirty) = (block, true);
        }
        return true;
    });

    public void Flush() => store.Do(() =>
    {
        lock (_gate)
        {
            if (!_dirty || !File.Exists(PathOf(_block)))
                return false;
            using var file = File.OpenHandle(PathOf(_block), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            RandomAccess.FlushToDisk(file);
            _dirty = false;
            return true;
        }
    });

    public IReadOnlyList<FenceMark> Read() => store.Do(() => Files().Select(f => Read(f.FullName)).OfType<FenceMark>().ToList());

    /// <summary>A mark says what every older one says: of those that nobody has written for an hour only the newest stays.</summary>
    public void Prune(DateTimeOffset now) => store.Do(() =>
    {
        foreach (var old in Files().OrderByDescending(f => f.LastWriteTimeUtc).Skip(1).Where(f => f.LastWriteTimeUtc < now.UtcDateTime.AddHours(-1)))
            old.Delete();
        return true;
    });

    /// <summary>After a release: what was let out before the restore is settled.</summary>
    public void Clear() => store.Do(() =>
    {
        foreach (var file in Files())
            file.Delete();
        FolderFlush.Run(store.Folder);
        return true;
    });

    private IEnumerable<FileInfo> Files() => new DirectoryInfo(store.Folder).EnumerateFiles("used-*");

    // The number stands at both ends: a line that is being written just now is read once more.
    private static FenceMark? Read(string path)
    {
        for (var tries = 0; ; tries++)
        {
            var bytes = new byte[Length];
            int read;
            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                read = file.ReadAtLeast(bytes, Length, throwOnEndOfStream: false);
            }
            catch (FileNotFoundException)
            {
                // Another instance has just put it away: a newer one says more.
                return null;
            }
            var words = Encoding.ASCII.GetString(bytes, 0, read).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words is [var number, var tenant, var sending, var batch, var attempt, var again, ..] && number == again)
                return new(Number(number), Guid.Parse(tenant), Guid.Parse(sending), (int)Number(batch), (int)Number(attempt));
            if (tries >= Tries)
                throw new IOException($"{path} cannot be understood.");
        }
    }

    private static long Number(string word) => long.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture);

    private string PathOf(long block) => Path.Combine(store.Folder, string.Create(CultureInfo.InvariantCulture, $"used-{block}"));
}
