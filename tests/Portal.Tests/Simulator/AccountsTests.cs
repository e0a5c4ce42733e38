using System.Net;
using System.Net.Http.Json;
using static Portal.Tests.Simulator.RunningSimulator;

namespace Portal.Tests.Simulator;

public sealed class AccountsTests
{
    private const string RealLooking = "QL7o5/x+Yt9JFX0a1b2c3d==";

    [Fact]
    public async Task Accounts_of_the_command_line_are_there_from_the_start()
    {
        await using var simulator = await StartAsync(
            $"--Accounts:0:apikey={RealLooking}", "--Accounts:0:secret=abc", "--Accounts:0:kind=verification", "--Accounts:0:delivery:masked=true", "--LatencyMs=0");

        var account = (await simulator.GetAsync("/accounts"))[0]!;

        Assert.Equal("verification", account["kind"]!.GetValue<string>());
        Assert.Equal(100, account["rate"]!.GetValue<int>());
        Assert.True(account["delivery"]!["masked"]!.GetValue<bool>());
        Assert.Equal("206", await simulator.CodeAsync(simulator.Request(change: r => r["apikey"] = RealLooking)));
    }

    [Fact]
    public async Task A_secret_is_not_shown()
    {
        await using var simulator = await WithAccountAsync(new { secret = "0123456789abcdef" });
        Assert.DoesNotContain("0123456789abcdef", await simulator.TextAsync("/accounts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_can_be_removed_whatever_its_apikey_looks_like()
    {
        await using var simulator = await WithAccountAsync(new { apikey = RealLooking });

        using var removed = await simulator.DeleteAsync($"/accounts/{Uri.EscapeDataString(RealLooking)}");
        using var again = await simulator.DeleteAsync($"/accounts/{Uri.EscapeDataString(RealLooking)}");

        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal("101", await simulator.CodeAsync(simulator.Request(change: r => r["apikey"] = RealLooking)));
    }

    [Theory]
    [InlineData("""{"secret":"abc"}""", "apikey is missing")]
    [InlineData("""{"apikey":"a"}""", "secret is missing")]
    [InlineData("""{"apikey":"a","secret":null}""", "secret")]
    [InlineData("""{"apikey":"a","secret":"b","rate":-1}""", "counted from 0")]
    [InlineData("""{"apikey":"a","secret":"b","pushUrl":"/receipts"}""", "pushUrl")]
    [InlineData("""{"apikey":"a","secret":"b","delivery":{"delivered":2}}""", "delivery.delivered")]
    [InlineData("""{"apikey":"a","secret":"b","kind":"postal"}""", "$.kind")]
    [InlineData("""{"apikey":"a","secret":"b","ratio":1}""", "ratio")]
    public async Task A_mistake_is_answered_with_its_name(string account, string words)
    {
        await using var simulator = await StartAsync();
        using var caller = simulator.Caller();
        using var response = await caller.PutAsync("/accounts", new StringContent(account, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(words, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unusable_account_of_the_configuration_stops_the_start() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync("--Accounts:0:apikey=a"));

    [Fact]
    public async Task Health_is_answered()
    {
        await using var simulator = await StartAsync();
        Assert.Equal("OK", await simulator.TextAsync("/health"));
    }

    [Fact]
    public async Task Settings_change_one_by_one()
    {
        await using var simulator = await StartAsync("--Receipts:TimeScale=0.5");
        await simulator.PostAsync("/settings", new { latencyMs = 20 });
        var settings = await simulator.PostAsync("/settings", new { jitterMs = 5 });
        Assert.Equal("""{"latencyMs":20,"jitterMs":5,"timeScale":0.5}""", settings.ToJsonString());

        using var caller = simulator.Caller();
        using var response = await caller.PostAsJsonAsync("/settings", new { timeScale = 0 });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }
}
