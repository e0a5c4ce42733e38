namespace Portal.Dispatch;

/// <summary>
/// Takes the next claims while the last requests of those before wait for their instants: between two of them the loop
/// does not wait for the database. Belongs to one run of a loop; disposed, it gives back what was taken and not asked for.
/// </summary>
internal sealed class ClaimAhead(LoopRun run, TakeClaims take) : IAsyncDisposable
{
    private Task<TakenClaims>? _next;

    /// <summary>Begins to take, unless that is under way.</summary>
    public void Begin(CancellationToken ct) => _next ??= take.RunAsync(run, ct);

    /// <summary>What was begun; and when that found nothing, what is due by now.</summary>
    public async Task<TakenClaims> TakeAsync(CancellationToken ct)
    {
        if (_next is { } begun)
        {
            _next = null;
            if (await begun is { Any: true } taken)
                return taken;
        }
        return await take.RunAsync(run, ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_next is not { } begun)
            return;
        // Its failure is the database's or the loop's end: the claims, if any, are the next loop's to recover.
        await ((Task)begun).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (begun.IsCompletedSuccessfully)
            await take.GiveBackAsync(run, await begun);
    }
}
