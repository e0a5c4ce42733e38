namespace Portal;

/// <summary>
/// Why a use case refused its input. <paramref name="Field"/> names the input it belongs to (empty: the whole form),
/// <paramref name="Code"/> is the key of the sentence in the page's resources, <paramref name="Values"/> fill its places.
/// </summary>
public sealed record Problem(string Field, string Code, params object[] Values);

/// <summary>What a use case answers: a value, or the problems that a person can mend. Faults are exceptions.</summary>
public sealed class Result<T>
{
    private readonly T? _value;

    private Result(T? value, IReadOnlyList<Problem> problems) => (_value, Problems) = (value, problems);

    public IReadOnlyList<Problem> Problems { get; }

    public bool Ok => Problems.Count == 0;

    public T Value => Ok ? _value! : throw new InvalidOperationException($"Refused: {Problems[0].Code}.");

    public static implicit operator Result<T>(T value) => new(value, []);

    public static implicit operator Result<T>(Problem problem) => new(default, [problem]);

    public static implicit operator Result<T>(List<Problem> problems) =>
        problems.Count > 0 ? new(default, problems) : throw new ArgumentException("A refusal needs a problem.", nameof(problems));
}
