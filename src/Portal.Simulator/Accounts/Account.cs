namespace Portal.Simulator.Accounts;

/// <summary>An account with what happens to it: open requests, the last second, what is left of its balance.</summary>
internal sealed class Account(AccountOptions options, long ticksPerSecond)
{
    private readonly Lock _gate = new();
    private readonly SlidingSecond _granted = new(ticksPerSecond);
    private volatile AccountOptions _options = options;
    private long? _balance = options.Balance;
    private int _open;

    public AccountOptions Options => _options;

    public long? Balance
    {
        get
        {
            lock (_gate)
                return _balance;
        }
    }

    /// <summary>New options and a new balance. Open requests and the last second stay: they are facts.</summary>
    public void Replace(AccountOptions options)
    {
        lock (_gate)
        {
            _options = options;
            _balance = options.Balance;
        }
    }

    /// <summary>Takes one place of the rate and one of the concurrency, or none. A refused request uses up neither.</summary>
    public bool TryEnter(long now)
    {
        lock (_gate)
        {
            if (_open >= _options.Concurrency || _granted.Count(now) >= _options.Rate)
                return false;
            _granted.Add(now);
            _open++;
            return true;
        }
    }

    public void Leave()
    {
        lock (_gate)
            _open--;
    }

    /// <summary>Takes the numbers off the balance and says for how many of them it was enough.</summary>
    public int TakeFromBalance(int numbers)
    {
        lock (_gate)
        {
            if (_balance is not { } left)
                return numbers;
            var taken = left >= numbers ? numbers : _options.PartialBalance ? (int)left : 0;
            _balance = left - taken;
            return taken;
        }
    }
}
