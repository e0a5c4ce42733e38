namespace Portal.Web.Shell;

/// <summary>
/// As long as somebody looks at a page. Its token may be asked for after the end as well: what was under way when the page was
/// left goes on to its next step, and a source that is disposed would throw there and take the whole circuit along.
/// </summary>
internal sealed class PageLife : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public PageLife() => Token = _source.Token;

    /// <summary>Cancelled when the page is left.</summary>
    public CancellationToken Token { get; }

    public void Dispose()
    {
        if (Token.IsCancellationRequested)
            return;
        _source.Cancel();
        _source.Dispose();
    }
}
