namespace Portal.Dispatch;

/// <summary>Does something when it is disposed for the first time.</summary>
internal sealed class Once(Action act) : IDisposable
{
    private Action? _act = act;

    public void Dispose() => Interlocked.Exchange(ref _act, null)?.Invoke();
}
