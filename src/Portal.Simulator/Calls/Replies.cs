using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Portal.Simulator.Calls;

/// <summary>Replies in the shape of provider document sections 2.4 and 3.4: taskid and the counts are bare numbers.</summary>
internal static class Replies
{
    public const string ContentType = "application/json;charset=utf-8";

    private static readonly ConcurrentDictionary<string, byte[]> _refusals = new(StringComparer.Ordinal);

    public static byte[] Refusal(string code) => _refusals.GetOrAdd(code, static c =>
        Encoding.UTF8.GetBytes($$"""{"status":"{{c}}","msg":"{{Codes.WordsOf(c)}}","code":"{{c}}"}"""));

    public static byte[] WithData(string code, long taskId, int validNumbers, int billedParts) =>
        Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"status":"{{{code}}}","msg":"{{{Codes.WordsOf(code)}}}","code":"{{{code}}}","data":{"taskid":{{{taskId}}},"validnumber":{{{validNumbers}}},"jfts":{{{billedParts}}}}}"""));

    public static async Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> reply, CancellationToken cancellationToken)
    {
        response.ContentType = ContentType;
        response.ContentLength = reply.Length;
        await response.BodyWriter.WriteAsync(reply, cancellationToken);
    }
}
