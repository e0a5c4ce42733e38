using System.Globalization;
using System.Text;

namespace Portal.Benchmarks.Rig;

/// <summary>What a load pushes.</summary>
internal enum Bodies
{
    /// <summary>A receipt of each of the people, in turn.</summary>
    Receipts,

    /// <summary>Nearly receipts, or nothing like them.</summary>
    Fuzzed,

    /// <summary>A taskid that nobody gave, each of one number: of the people in turn, and of strangers.</summary>
    Forged,
}

/// <summary>The n-th receipt of a run: its number and its taskid follow from n, a thousand to a taskid.</summary>
internal static class PushedReceipt
{
    public const long FirstNumber = 8619800000000;
    public const long FirstTask = 900_000_000_000_000_000;
    public const int PerTask = 1000;

    private const long FirstForgedTask = 700_000_000_000_000_000;
    private const long FirstStranger = 8619900000000;

    public static string Body(string apiKey, long n) => Body(apiKey, FirstTask + (n / PerTask), FirstNumber + n);

    public static string Forged(string apiKey, long task, long person) => Body(apiKey, FirstForgedTask + task, FirstNumber + person);

    public static byte[] Of(Bodies kind, string apiKey, long n) => kind switch
    {
        Bodies.Fuzzed => FuzzedBody.Of(apiKey, Text(FirstTask), Text(FirstNumber + (n % PerTask)), n),
        Bodies.Forged => Encoding.ASCII.GetBytes(n % 2 == 0 ? Forged(apiKey, n, n / 2) : Body(apiKey, FirstForgedTask + n, FirstStranger + n)),
        _ => Encoding.ASCII.GetBytes(Body(apiKey, n)),
    };

    private static string Body(string apiKey, long task, long number) => string.Create(CultureInfo.InvariantCulture,
        $$"""{ "apikey":"{{apiKey}}", "taskid":"{{task}}", "mobile":"{{number}}", "status":"DELIVRD", "times":"2026-11-22 17:42", }""");

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
