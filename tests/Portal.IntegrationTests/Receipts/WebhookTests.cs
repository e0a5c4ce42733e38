using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Portal.IntegrationTests.Members;
using Portal.Receipts;

namespace Portal.IntegrationTests.Receipts;

/// <summary>The address that the provider pushes to, over HTTP, in a process that does nothing else.</summary>
[Collection(WholePortal.Name)]
public sealed class WebhookTests(ReceivingPortal portal) : IClassFixture<ReceivingPortal>, IAsyncLifetime
{
    private const string Real = """{ "apikey":"a+b/c==", "taskid":"857319414809231360", "mobile":"8619800000000", "status":"DELIVRD", "times":"2026-11-22 17:42", }""";

    private readonly HttpClient _http = new();
    private readonly TestDatabase _database = portal.Database;
    private readonly Uri _address = portal.Address;

    public Task InitializeAsync() => _database.AdminAsync("truncate infra.receipt_inbox");

    public Task DisposeAsync()
    {
        _http.Dispose();
        return Task.CompletedTask;
    }

    public static TheoryData<string, string?, byte[]> Anything() => new()
    {
        { "/receipts", "application/json", Encoding.UTF8.GetBytes(Real) },
        { "/receipts", "application/json", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Real)] },
        { "/receipts", "application/x-www-form-urlencoded", Encoding.UTF8.GetBytes(Uri.EscapeDataString(Real) + "=") },
        { "/receipts", "application/x-www-form-urlencoded", Encoding.UTF8.GetBytes("apikey=a+b/c==&taskid=1") },
        { "/receipts", "multipart/form-data; boundary=x", "--x--"u8.ToArray() },
        { "/receipts", "text/plain", "garbage"u8.ToArray() },
        { "/receipts", "application/json; charset=utf-16", [0xFF, 0xFE, 0, 0xD8] },
        { "/receipts", null, [] },
        { "/receipts", "image/png", [0, 1, 2, 255] },
        { "/receipts", "application/json", """{"apikey":"a","apikey":"b"}"""u8.ToArray() },
        { "/receipts/", "application/json", Encoding.UTF8.GetBytes(Real) },
        { "/receipts/Ab-_09", "application/json", Encoding.UTF8.GetBytes(Real) },
        { "/receipts/no%20token%C3%A9", "application/json", Encoding.UTF8.GetBytes(Real) },
        { "/receipts/" + new string('a', 3000), "application/json", Encoding.UTF8.GetBytes(Real) },
        { "/receipts?apikey=x", "application/json", new byte[4096] },
    };

    [Theory]
    [MemberData(nameof(Anything))]
    public async Task Whatever_comes_gets_the_same_answer_and_is_kept_byte_for_byte(string path, string? type, byte[] body)
    {
        var usual = await PushAsync("/receipts", "application/json", Encoding.UTF8.GetBytes(Real));
        Assert.Equal(usual, await PushAsync(path, type, body));
        Assert.StartsWith("200 OK ", usual, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 2", usual, StringComparison.Ordinal);
        Assert.Contains("Content-Type: text/plain", usual, StringComparison.Ordinal);
        Assert.Equal(body, await _database.AdminScalarAsync<byte[]>("select body from infra.receipt_inbox order by id desc limit 1"));
        // Of a token only its hash; and whatever stands there is one.
        var token = Uri.UnescapeDataString(path["/receipts".Length..]).TrimStart('/');
        Assert.Equal(token.Length > 0 && !token.StartsWith('?') ? ReceiptToken.HashOf(token) : "", await _database.AdminScalarAsync<string>("select coalesce(token, '') from infra.receipt_inbox order by id desc limit 1"));
    }

    [Theory]
    [InlineData(4097)]
    [InlineData(5_000_000)]
    public async Task A_body_that_is_longer_than_any_receipt_gets_the_same_answer_and_is_not_kept(int length)
    {
        var usual = await PushAsync("/receipts", "application/json", Encoding.UTF8.GetBytes(Real));
        Assert.Equal(usual, await PushAsync("/receipts", "application/json", new byte[length]));
        Assert.Equal(1L, await InboxAsync());
    }

    [Theory]
    [InlineData("GET", "/receipts")]
    [InlineData("PUT", "/receipts")]
    [InlineData("POST", "/receipts/a/b")]
    [InlineData("POST", "/receiptsx")]
    public async Task Nothing_else_is_taken_for_a_receipt(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_address, path)) { Content = new StringContent(Real) };
        using var answer = await _http.SendAsync(request);
        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
        Assert.InRange((int)answer.StatusCode, 300, 499);
        Assert.Equal(0L, await InboxAsync());
    }

    [Fact]
    public async Task Without_a_database_they_are_kept_on_the_disk_up_to_a_cap_and_come_to_the_inbox_once()
    {
        await PushAsync("/receipts", null, "before"u8.ToArray());
        var stored = new List<string> { "before" };
        await using (await Outage.BeginAsync(_database))
        {
            for (var n = 0; await TryAsync(n) is { } body; n++)
                stored.Add(body);
            // A megabyte, in bodies of some 4 KB.
            Assert.InRange(stored.Count, 250, 270);
            using var health = await _http.GetAsync(new Uri(_address, "/health/ready"));
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        }
        await UntilAsync(async () => await InboxAsync() >= stored.Count);
        Assert.Equal("OK", await (await PostAsync("/receipts", null, "after"u8.ToArray())).Content.ReadAsStringAsync());
        stored.Add("after");
        Assert.Equal(stored, await _database.AdminScalarAsync<string[]>("select array_agg(split_part(encode(body, 'escape'), ' ', 1) order by id) from infra.receipt_inbox"));
        Assert.Empty(Directory.GetFiles(Path.Combine(_database.FenceDirectory, "spool")));

        async Task<string?> TryAsync(int n)
        {
            var name = "r" + n.ToString(CultureInfo.InvariantCulture);
            using var answer = await PostAsync("/receipts", null, Encoding.UTF8.GetBytes(name.PadRight(4000)));
            if (answer.StatusCode == HttpStatusCode.OK)
                return name;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("", await answer.Content.ReadAsStringAsync());
            return null;
        }
    }

    private Task<long> InboxAsync() => _database.AdminScalarAsync<long>("select count(*) from infra.receipt_inbox");

    /// <summary>Status, headers and body of the answer; but for its date, they are all that a caller can see.</summary>
    private async Task<string> PushAsync(string path, string? type, byte[] body)
    {
        using var answer = await PostAsync(path, type, body);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key != "Date").OrderBy(h => h.Key, StringComparer.Ordinal);
        return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()} {string.Join(' ', headers.Select(h => $"{h.Key}: {string.Join(',', h.Value)}"))}";
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string? type, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return await _http.PostAsync(new Uri(_address, path), content);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
            await Task.Delay(50, limit.Token);
    }
}
