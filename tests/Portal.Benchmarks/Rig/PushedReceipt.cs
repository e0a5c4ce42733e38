using System.Globalization;

namespace Portal.Benchmarks.Rig;

/// <summary>The n-th receipt of a run: its number and its taskid follow from n, a thousand to a taskid.</summary>
internal static class PushedReceipt
{
    public const long FirstNumber = 8619800000000;
    public const long FirstTask = 900_000_000_000_000_000;
    public const int PerTask = 1000;

    public static string Body(string apiKey, long n) => string.Create(CultureInfo.InvariantCulture,
        $$"""{ "apikey":"{{apiKey}}", "taskid":"{{FirstTask + (n / PerTask)}}", "mobile":"{{FirstNumber + n}}", "status":"DELIVRD", "times":"2026-11-22 17:42", }""");
}
