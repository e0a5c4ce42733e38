using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using static Portal.Tests.Simulator.RunningSimulator;

namespace Portal.Tests.Simulator;

public sealed class FaultsTests
{
    public static TheoryData<string, string, string> Faults()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var when in new[] { "before", "after" })
        {
            data.Add("hang", when, "cut");
            data.Add("reset", when, "reset");
            data.Add("http500", when, "500 The server is in trouble.");
            data.Add("http503", when, "503 The server is in trouble.");
            data.Add("code999", when, """200 {"status":"999","msg":"system error","code":"999"}""");
            data.Add("garbage", when, "200 <html><body>It works!</body></html>");
            data.Add("empty", when, "200 ");
            data.Add("redirect", when, "307 ");
            data.Add("halfReply", when, "cut");
            data.Add("code", when, """200 {"status":"202","msg":"balance is insufficient, please contact customer service","code":"202"}""");
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_hides_the_reply_and_the_ledger_knows_the_truth(string kind, string when, string seen)
    {
        await using var simulator = await WithAccountAsync();
        await simulator.PostAsync("/faults", new { kind, when, times = 1, hangMs = 0, code = "202" });

        Assert.Equal(seen, await SeenAsync(simulator));

        Assert.Equal(when == "after" ? 1 : 0, await simulator.LedgerAsync("numbers"));
        Assert.Equal(kind, (await simulator.GetAsync("/ledger/requests"))[0]!["fault"]!.GetValue<string>());
        Assert.Equal(0, await simulator.LedgerAsync("open"));
        Assert.Equal("000", await simulator.CodeAsync("861980000001"));
        Assert.Equal(when == "after" ? 2 : 1, await simulator.LedgerAsync("numbers"));
    }

    [Theory]
    [InlineData("before", 0)]
    [InlineData("after", 1)]
    public async Task A_hang_without_an_end_lasts_until_the_caller_leaves(string when, int accepted)
    {
        await using var simulator = await WithAccountAsync();
        await simulator.PostAsync("/faults", new { kind = "hang", when });
        using var left = new CancellationTokenSource();

        var call = simulator.PostAsync(simulator.Request().ToJsonString(), cancellationToken: left.Token);
        await simulator.UntilLedgerAsync("open", 1);
        simulator.Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(call.IsCompleted);
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        await simulator.UntilLedgerAsync("open", 0);
        Assert.Equal(accepted, await simulator.LedgerAsync("accepted"));
    }

    [Fact]
    public async Task Half_a_reply_is_the_first_half_of_the_true_one()
    {
        await using var simulator = await WithAccountAsync();
        await simulator.PostAsync("/faults", new { kind = "halfReply", when = "after" });
        using var caller = new TcpClient();
        await caller.ConnectAsync(simulator.Address.Host, simulator.Address.Port);
        var body = simulator.Request().ToJsonString();
        await using var stream = caller.GetStream();
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(
            $"POST /outauth/send HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));

        var received = new System.Text.StringBuilder();
        var buffer = new byte[4096];
        try
        {
            for (int n; (n = await stream.ReadAsync(buffer)) > 0;)
                received.Append(System.Text.Encoding.UTF8.GetString(buffer, 0, n));
        }
        catch (IOException)
        {
            // The cut may be seen as a reset: what counts is what came before it.
        }

        const string True = """{"status":"000","msg":"success","code":"000","data":{"taskid":857319414809231360,"validnumber":1,"jfts":1}}""";
        Assert.EndsWith("\r\n\r\n" + True[..(True.Length / 2)], received.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_follows_a_redirect_is_found_in_the_ledger()
    {
        await using var simulator = await WithAccountAsync();
        await simulator.PostAsync("/faults", new { kind = "redirect", when = "after", times = 1 });
        using var caller = simulator.Caller(followRedirects: true);

        (await simulator.PostAsync(simulator.Request().ToJsonString(), caller: caller)).Dispose();

        Assert.Equal(1, await simulator.LedgerAsync("doubled"));
    }

    [Fact]
    public async Task A_fault_after_accepting_does_not_touch_what_is_refused()
    {
        await using var simulator = await WithAccountAsync();
        await simulator.PostAsync("/faults", new { kind = "http500", when = "after", times = 1 });

        Assert.Equal("104", await simulator.CodeAsync("1"));
        Assert.Equal("500 The server is in trouble.", await SeenAsync(simulator));
    }

    [Fact]
    public async Task A_share_is_spread_evenly()
    {
        await using var simulator = await WithAccountAsync();
        await simulator.PostAsync("/faults", new { kind = "code", code = "777", share = 0.25 });
        var codes = new List<string>();
        for (var i = 0; i < 8; i++)
            codes.Add(await simulator.CodeAsync());

        Assert.Equal(["000", "000", "000", "777", "000", "000", "000", "777"], codes);
        Assert.Equal(2, (await simulator.GetAsync("/faults"))[0]!["fired"]!.GetValue<int>());
        Assert.Equal(2, await simulator.LedgerAsync("codes.777"));
    }

    [Fact]
    public async Task A_fault_can_be_meant_for_one_account_and_be_removed()
    {
        await using var simulator = await WithAccountAsync();
        await simulator.PutAccountAsync(new { apikey = "other" });
        JsonObject Other() => simulator.Request(change: r => r["apikey"] = "other");
        var id = (await simulator.PostAsync("/faults", new { kind = "code999", apikey = "other" }))["id"]!.GetValue<int>();
        Assert.Equal("000", await simulator.CodeAsync());
        Assert.Equal("999", await simulator.CodeAsync(Other()));

        using var removed = await simulator.DeleteAsync($"/faults/{id}");
        using var again = await simulator.DeleteAsync($"/faults/{id}");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (removed.StatusCode, again.StatusCode));
        Assert.Equal("000", await simulator.CodeAsync(Other()));
    }

    [Fact]
    public async Task All_faults_can_be_removed()
    {
        await using var simulator = await WithAccountAsync();
        await simulator.PostAsync("/faults", new { kind = "code999" });
        await simulator.PostAsync("/faults", new { kind = "reset" });
        (await simulator.DeleteAsync("/faults")).Dispose();

        Assert.Equal("[]", await simulator.TextAsync("/faults"));
        Assert.Equal("000", await simulator.CodeAsync());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"kind":"flood"}""")]
    [InlineData("""{"kind":"code"}""")]
    [InlineData("""{"kind":"code","code":"12a"}""")]
    [InlineData("""{"kind":"reset","share":1.5}""")]
    [InlineData("""{"kind":"reset","times":0}""")]
    [InlineData("""{"kind":"hang","hangMs":-1}""")]
    public async Task A_fault_that_makes_no_sense_is_refused(string fault)
    {
        await using var simulator = await StartAsync();
        using var caller = simulator.Caller();
        using var response = await caller.PostAsJsonAsync("/faults", JsonNode.Parse(fault));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEqual("", await response.Content.ReadAsStringAsync());
    }

    private static async Task<string> SeenAsync(RunningSimulator simulator)
    {
        try
        {
            using var response = await simulator.PostAsync(simulator.Request().ToJsonString());
            return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
        }
        catch (HttpRequestException e)
        {
            return IsReset(e) ? "reset" : "cut";
        }
    }

    private static bool IsReset(Exception? e) =>
        e is not null && (e is SocketException { SocketErrorCode: SocketError.ConnectionReset } || IsReset(e.InnerException));
}
