namespace Portal.Dispatch;

/// <summary>
/// How long to wait between two looks for accounts with due work. A look at very many accounts may be long: looking takes a tenth of
/// the time, unless it takes seconds. One that was long alone only waited for something else, and everybody's first request waits
/// for the next look: what counts is the shorter of the last two.
/// </summary>
internal sealed class LookPause(TimeSpan shortest)
{
    private const int Share = 10;
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(2);
    private TimeSpan _before;

    /// <param name="look">How long the last look took.</param>
    public TimeSpan After(TimeSpan look)
    {
        var counts = look < _before ? look : _before;
        _before = look;
        var pause = counts * (Share - 1);
        return pause < shortest ? shortest : pause > _longest ? _longest : pause;
    }
}
