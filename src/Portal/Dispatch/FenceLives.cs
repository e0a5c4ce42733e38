namespace Portal.Dispatch;

/// <summary>
/// Which server's life this process sends for, as a lock that other processes see. Two servers that both believe to be the
/// database (one was copied and both were started) are never served from one store at a time.
/// </summary>
internal sealed class FenceLives(FenceStore store) : IDisposable
{
    private FileStream? _shared;
    private string? _life;

    public bool Serves(string life) => _life == life;

    /// <summary>Under the store's lock: this process serves that life from now on, or (null) none.</summary>
    public void Serve(string? life)
    {
        if (life == _life)
            return;
        Dispose();
        if (life is null)
            return;
        _shared = store.Do(() => FileLock.TryShare(PathOf(life))) ?? throw new FenceStoreException($"Another process looks at {PathOf(life)}.");
        _life = life;
    }

    /// <summary>Under the store's lock: whether no process serves that life any more. This one must have let go of it.</summary>
    public bool IsOver(string life) => store.Do(() =>
    {
        if (!File.Exists(PathOf(life)))
            return true;
        using var alone = FileLock.TryTake(PathOf(life));
        if (alone is not null)
            File.Delete(PathOf(life));
        return alone is not null;
    });

    public void Dispose()
    {
        _shared?.Dispose();
        (_shared, _life) = (null, null);
    }

    private string PathOf(string life) => Path.Combine(store.Folder, "serving-" + life.Replace('/', '-'));
}
