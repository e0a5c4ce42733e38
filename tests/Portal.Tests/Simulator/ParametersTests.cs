using System.Net;
using System.Text.Json.Nodes;
using static Portal.Tests.Simulator.RunningSimulator;

namespace Portal.Tests.Simulator;

public sealed class ParametersTests
{
    [Theory]
    [InlineData("/outauth/send")]
    [InlineData("/smscoreapi/outauth/send")]
    [InlineData("/a/b/c/outauth/send")]
    [InlineData("/smscoreapi/outauth/verifCodeSend")]
    public async Task Both_calls_answer_under_any_prefix(string path)
    {
        await using var simulator = await WithAccountAsync();
        Assert.Equal("000", await simulator.CodeAsync(simulator.Request(), path));
    }

    [Theory]
    [InlineData("/outauth/Send")]
    [InlineData("/outauth/send/")]
    [InlineData("/send")]
    public async Task Another_path_is_not_found(string path)
    {
        await using var simulator = await WithAccountAsync();
        using var response = await simulator.PostAsync(simulator.Request().ToJsonString(), path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("apikey")]
    [InlineData("timestamp")]
    [InlineData("sign")]
    [InlineData("mobile")]
    [InlineData("content")]
    public async Task A_required_parameter_that_is_missing_or_empty_or_no_text_is_108(string name)
    {
        await using var simulator = await WithAccountAsync();
        var request = simulator.Request();
        foreach (var value in new JsonNode?[] { null, "", 5 })
        {
            request[name] = value;
            Assert.Equal("108", await simulator.CodeAsync(request));
        }
        request.Remove(name);
        Assert.Equal("108", await simulator.CodeAsync(request));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"apikey\":\"230sms\"")]
    [InlineData("{\"apikey\":\"\\ud800\"}")]
    [InlineData("apikey=230sms&content=x")]
    public async Task A_body_that_is_not_the_documents_json_is_108(string body)
    {
        await using var simulator = await WithAccountAsync();
        using var response = await simulator.PostAsync(body);
        Assert.Equal("""{"status":"108","msg":"the request parameters are invalid","code":"108"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_with_anything_behind_it_is_108()
    {
        await using var simulator = await WithAccountAsync();
        using var response = await simulator.PostAsync(simulator.Request().ToJsonString() + "{}");
        Assert.Contains("108", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "000")]
    [InlineData("application/json;charset=utf-8", "000")]
    [InlineData("Application/JSON; charset=\"UTF-8\"", "000")]
    [InlineData("application/json;charset=gbk", "108")]
    [InlineData("application/jsonp", "108")]
    [InlineData("text/plain", "108")]
    [InlineData("application/x-www-form-urlencoded", "108")]
    public async Task The_content_type_must_be_json_in_utf_8(string contentType, string code)
    {
        await using var simulator = await WithAccountAsync();
        using var response = await simulator.PostAsync(simulator.Request().ToJsonString(), contentType: contentType);
        Assert.Equal(code, JsonNode.Parse(await response.Content.ReadAsStringAsync())!["code"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("", "000")]
    [InlineData("1069", "000")]
    [InlineData("ab", "000")]
    [InlineData("ABCDEfghi1", "000")]
    [InlineData("a", "108")]
    [InlineData("ABCDEfghi12", "108")]
    [InlineData("a b", "108")]
    [InlineData("é1", "108")]
    public async Task A_senderid_is_2_to_10_digits_or_letters(string senderId, string code)
    {
        await using var simulator = await WithAccountAsync();
        Assert.Equal(code, await simulator.CodeAsync(simulator.Request(change: r => r["senderid"] = senderId)));
    }

    [Fact]
    public async Task Templateid_signname_and_unknown_fields_are_taken()
    {
        await using var simulator = await WithAccountAsync();
        Assert.Equal("000", await simulator.CodeAsync(simulator.Request(change: r =>
        {
            r["templateid"] = "12";
            r["signname"] = "签名";
            r["extra"] = new JsonObject { ["deep"] = new JsonArray(1, 2) };
        })));
    }

    [Fact]
    public async Task A_body_of_more_than_a_mebibyte_is_108()
    {
        await using var simulator = await WithAccountAsync();
        Assert.Equal("108", await simulator.CodeAsync(simulator.Request(change: r => r["content"] = new string('a', 1 << 20))));
    }

    [Theory]
    [InlineData("1234567", "000")]
    [InlineData("123456789012345", "000")]
    [InlineData("123456", "104")]
    [InlineData("1234567890123456", "104")]
    [InlineData("01234567", "104")]
    [InlineData("+8619800001", "104")]
    [InlineData("86 1980000", "104")]
    [InlineData("８６１９８００００", "104")]
    [InlineData("861980000xxxx", "104")]
    [InlineData("861980000001,861980000xxxx", "111")]
    [InlineData("861980000001,", "111")]
    [InlineData("861980000001, 861980000002", "111")]
    [InlineData("861980000001;861980000002", "104")]
    public async Task A_bad_number_alone_is_104_and_among_others_111(string mobile, string code)
    {
        await using var simulator = await WithAccountAsync();
        Assert.Equal(code, await simulator.CodeAsync(mobile));
        Assert.Equal(code == "000" ? 1 : 0, await simulator.LedgerAsync("numbers"));
    }

    [Fact]
    public async Task A_thousand_numbers_are_accepted_and_one_more_is_111()
    {
        await using var simulator = await WithAccountAsync();
        var thousand = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"86198{i:D8}"));

        Assert.Equal("111", await simulator.CodeAsync(thousand + ",8619900000000"));
        Assert.Equal(0, await simulator.LedgerAsync("numbers"));
        Assert.Equal("000", await simulator.CodeAsync(thousand));
        Assert.Equal(1000, await simulator.LedgerAsync("distinct"));
    }

    [Fact]
    public async Task A_verification_code_goes_to_one_number()
    {
        await using var simulator = await WithAccountAsync();
        Assert.Equal("111", await simulator.CodeAsync(simulator.Request("861980000001,861980000002"), "/outauth/verifCodeSend"));
    }
}
