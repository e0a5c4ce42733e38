using System.Diagnostics;

namespace Portal.Benchmarks.Rig;

/// <summary>One of the portal's programs as a process of its own, which can be killed like one.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process _process;
    private const int MostTold = 30;
    private readonly Queue<string> _tail = new();
    private readonly List<string> _told = [];
    private int _errors;
    private int _telling;

    private Child(Process process) => _process = process;

    /// <summary>The exit code of a process that SIGKILL ended.</summary>
    public const int Killed = 137;

    /// <summary>That of one that SIGTERM ended before it could say how.</summary>
    public const int Terminated = 143;

    public bool Running => !_process.HasExited;

    /// <summary>Of one that has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Lines of its log that say an error, or an exception that nobody caught.</summary>
    public int Errors => Volatile.Read(ref _errors);

    /// <summary>The first of them, each with what follows it.</summary>
    public string ErrorLines
    {
        get
        {
            lock (_tail)
                return string.Join('\n', _told);
        }
    }

    /// <summary>Its memory (RSS) now.</summary>
    public double MemoryMb
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    /// <summary>Its last lines, for when it fails.</summary>
    public string Tail
    {
        get
        {
            lock (_tail)
                return string.Join('\n', _tail);
        }
    }

    /// <summary>What an ended one said last.</summary>
    public async Task<string> LastLineAsync()
    {
        await _process.WaitForExitAsync();
        lock (_tail)
            return _tail.Count > 0 ? _tail.Last() : "";
    }

    public static Child Start(string dll, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> settings)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(dll)! };
        start.ArgumentList.Add(dll);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (key, value) in settings)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{dll} does not start.");
        var child = new Child(process);
        process.OutputDataReceived += (_, e) => child.Keep(e.Data);
        process.ErrorDataReceived += (_, e) => child.Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>SIGKILL: no handler runs, no connection is closed by hand.</summary>
    public async Task KillAsync()
    {
        if (Running)
            _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a deployment does; answers its exit code.</summary>
    /// <exception cref="InvalidOperationException">It did not end in time.</exception>
    public async Task<int> StopAsync(TimeSpan atMost)
    {
        await SignalAsync("TERM", CancellationToken.None);
        using var limit = new CancellationTokenSource(atMost);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new InvalidOperationException("It does not stop:\n" + Tail, e);
        }
        return _process.ExitCode;
    }

    /// <summary>A signal by its short name: STOP, CONT.</summary>
    public async Task SignalAsync(string name, CancellationToken ct)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{name} {_process.Id}"]);
        await kill.WaitForExitAsync(ct);
        if (kill.ExitCode != 0)
            throw new InvalidOperationException($"The process cannot be sent {name}.");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_tail)
        {
            if (line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal) || line.StartsWith("Unhandled", StringComparison.Ordinal))
                (_errors, _telling) = (_errors + 1, 4);
            if (_telling-- > 0 && _told.Count < MostTold)
                _told.Add(line);
            _tail.Enqueue(line);
            if (_tail.Count > 40)
                _tail.Dequeue();
        }
    }
}
