using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.Dispatch;

/// <summary>The store cannot be read or written, or serves another server just now. The message is for an operator.</summary>
internal sealed class FenceStoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The store outside the database: a folder that every instance shares. One record, written whole or not at all; a lock;
/// and which server's life is being served (<see cref="FenceLives"/>), which attempts were let out (<see cref="FenceMarks"/>).
/// </summary>
internal sealed class FenceStore(IOptions<DispatchOptions> options, TimeProvider clock, ILogger<FenceStore> log, IHostEnvironment? host = null)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    public string Folder { get; } = options.Value.FenceDirectory.Length > 0
        ? options.Value.FenceDirectory
        : Path.Combine(host?.ContentRootPath ?? Path.GetTempPath(), ".portal", "fence");

    private string RecordPath => Path.Combine(Folder, "state.json");

    /// <summary>Keeps every other instance away until disposed; they wait their turn.</summary>
    public async Task<IDisposable> LockAsync(CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        Do(Make);
        while (true)
        {
            if (Do(() => FileLock.TryTake(Path.Combine(Folder, "lock"))) is { } held)
                return held;
            if (clock.GetElapsedTime(start) > _patience)
                throw new FenceStoreException($"Another instance does not let go of {Folder}.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), ct);
        }
    }

    /// <summary>Null: nothing was written here yet.</summary>
    public FenceRecord? Read() => Do(() =>
    {
        if (!File.Exists(RecordPath))
            return null;
        using var file = File.OpenRead(RecordPath);
        return JsonSerializer.Deserialize(file, FenceJson.Default.FenceRecord);
    });

    /// <summary>When it returns, the record has replaced the last one and survives a crash of the machine.</summary>
    public void Write(FenceRecord record) => Do(() =>
    {
        var draft = RecordPath + ".new";
        using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, record, FenceJson.Default.FenceRecord);
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, RecordPath, overwrite: true);
        FolderFlush.Run(Folder);
        return true;
    });

    /// <summary>Runs work on the folder; what goes wrong is said with the folder's name.</summary>
    /// <exception cref="FenceStoreException">It went wrong.</exception>
    public T Do<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new FenceStoreException($"The store outside the database, {Folder}, cannot be read or written: {e.Message}", e);
        }
    }

    private bool Make()
    {
        if (Directory.Exists(Folder))
            return true;
        Directory.CreateDirectory(Folder);
        DispatchLog.FenceMade(log, Folder);
        return true;
    }
}
