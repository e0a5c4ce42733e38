using System.Globalization;
using System.Text;

namespace Portal.Benchmarks.Rig;

/// <summary>One way in which a request goes wrong on its way.</summary>
/// <param name="Arrives">The provider gets the request; its reply is what <paramref name="Play"/> works with.</param>
/// <param name="MayDoubt">Nobody on this side can know whether the provider took it.</param>
/// <param name="Play">True: the connection may be used for another request.</param>
internal sealed record Trouble(string Name, bool Arrives, bool MayDoubt, Func<Line, byte[], CancellationToken, Task<bool>> Play)
{
    private const string Nowhere = "Location: /moved/outauth/send\r\n";

    public static Trouble None { get; } = new("none", Arrives: true, MayDoubt: false, SayAsync);

    /// <summary>Every way, before and after the provider took the request.</summary>
    public static IReadOnlyList<Trouble> All { get; } =
    [
        new("reset before the request arrived", false, true, ResetAsync),
        new("reset after it arrived", true, true, ResetAsync),
        new("closed before it arrived", false, true, CutAsync),
        new("closed after it arrived", true, true, CutAsync),
        new("silence, and it never arrived", false, true, HoldAsync),
        new("silence after it arrived", true, true, HoldAsync),
        new("half a reply", true, true, (line, reply, ct) => PartAsync(line, reply, reply.Length - 20, ct)),
        new("half the head of a reply", true, true, (line, reply, ct) => PartAsync(line, reply, 30, ct)),
        new("a reply that takes for ever", true, true, DripAsync),
        new("502 before it arrived", false, true, (line, _, ct) => SayAsync(line, Answer("502 Bad Gateway", "<html>"), ct)),
        new("503 after it arrived", true, true, (line, _, ct) => SayAsync(line, Answer("503 Service Unavailable", ""), ct)),
        new("999 before it arrived", false, true, (line, _, ct) => SayAsync(line, Code("999"), ct)),
        new("999 after it arrived", true, true, (line, _, ct) => SayAsync(line, Code("999"), ct)),
        new("an unlisted code after it arrived", true, true, (line, _, ct) => SayAsync(line, Code("777"), ct)),
        new("a page of HTML before it arrived", false, true, (line, _, ct) => SayAsync(line, Answer("200 OK", "<html><body>It works!</body></html>"), ct)),
        new("no HTTP at all after it arrived", true, true, (line, _, ct) => LastAsync(line, "SSH-2.0-OpenSSH_9.6\r\n"u8.ToArray(), ct)),
        new("nothing in a reply after it arrived", true, true, (line, _, ct) => SayAsync(line, Answer("200 OK", ""), ct)),
        new("a redirect before it arrived", false, true, (line, _, ct) => SayAsync(line, Answer("307 Temporary Redirect", "", Nowhere), ct)),
        new("a redirect after it arrived", true, true, (line, _, ct) => SayAsync(line, Answer("302 Found", "", Nowhere), ct)),
        new("202, the balance is used up", false, false, (line, _, ct) => SayAsync(line, Code("202"), ct)),
        new("105, too frequent", false, false, (line, _, ct) => SayAsync(line, Code("105"), ct)),
        new("104, a bad number", false, false, (line, _, ct) => SayAsync(line, Code("104"), ct)),
    ];

    public static byte[] Answer(string status, string body, string more = "") => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{more}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));

    private static byte[] Code(string code) => Answer("200 OK", $$"""{"status":"{{code}}","code":"{{code}}","msg":"no"}""");

    private static async Task<bool> SayAsync(Line line, byte[] reply, CancellationToken ct)
    {
        await line.SendAsync(reply, ct);
        return true;
    }

    private static async Task<bool> LastAsync(Line line, byte[] reply, CancellationToken ct)
    {
        await line.SendAsync(reply, ct);
        line.Cut();
        await line.HoldAsync(ct);
        return false;
    }

    private static Task<bool> PartAsync(Line line, byte[] reply, int length, CancellationToken ct) => LastAsync(line, reply[..length], ct);

    private static Task<bool> ResetAsync(Line line, byte[] reply, CancellationToken ct)
    {
        line.Reset();
        return Task.FromResult(false);
    }

    private static Task<bool> CutAsync(Line line, byte[] reply, CancellationToken ct) => LastAsync(line, [], ct);

    private static async Task<bool> HoldAsync(Line line, byte[] reply, CancellationToken ct)
    {
        await line.HoldAsync(ct);
        return false;
    }

    private static async Task<bool> DripAsync(Line line, byte[] reply, CancellationToken ct)
    {
        foreach (var one in reply)
        {
            await line.SendAsync(new[] { one }, ct);
            await Task.Delay(100, ct);
        }
        return false;
    }
}
