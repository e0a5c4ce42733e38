namespace Portal.Dispatch;

/// <summary>
/// Attempts that begin in this process at once, at most: more than the database takes would wait for its connections, each with an
/// instant that was granted long ago, and in the way of the outcomes of what was sent. Loops wait for their turn instead, in
/// order, and are granted no further instants meanwhile.
/// </summary>
internal sealed class BeginTurns : IDisposable
{
    // Of the role's twenty connections the others are for claims and outcomes. More at once begin no sooner: they wait for the
    // disk together anyway, and every further connection has its plans to make.
    private const int Most = 8;

    private readonly SemaphoreSlim _turns = new(Most);

    /// <summary>Waits for a turn; dispose it when the attempt has begun, or will not.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken ct)
    {
        await _turns.WaitAsync(ct);
        return new Once(() => _turns.Release());
    }

    public void Dispose() => _turns.Dispose();
}
