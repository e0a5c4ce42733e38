using System.Text;
using System.Text.Json;

using Portal.Sms.Provider;

namespace Portal.Tests.Sms;

public sealed class ProviderRequestTests
{
    private static readonly Uri _base = new("https://sms.example/");

    [Theory]
    [InlineData("https://sms.example", ProviderCall.Marketing, "https://sms.example/outauth/send")]
    [InlineData("https://sms.example/", ProviderCall.Verification, "https://sms.example/outauth/verifCodeSend")]
    [InlineData("https://sms.example/smscoreapi", ProviderCall.Marketing, "https://sms.example/smscoreapi/outauth/send")]
    [InlineData("https://sms.example:8443/smscoreapi/", ProviderCall.Verification, "https://sms.example:8443/smscoreapi/outauth/verifCodeSend")]
    public void A_calls_path_is_appended_to_the_base_address(string baseAddress, ProviderCall call, string expected) =>
        Assert.Equal(expected, call.AddressBelow(new Uri(baseAddress)).AbsoluteUri);

    [Theory]
    [InlineData("ftp://sms.example/")]
    [InlineData("https://name:word@sms.example/")]
    [InlineData("https://sms.example/?a=b")]
    [InlineData("https://sms.example/#there")]
    [InlineData("/outauth")]
    public void A_base_address_with_anything_else_is_refused(string baseAddress) =>
        Assert.Throws<ArgumentException>(() => ProviderCall.Marketing.AddressBelow(new Uri(baseAddress, UriKind.RelativeOrAbsolute)));

    [Fact]
    public void The_body_is_what_the_document_asks_for()
    {
        using var keys = new KeyPair("230sms"u8.ToArray(), "abc"u8.ToArray());
        using var request = ProviderRequest.Build(_base, ProviderCall.Marketing, keys, new DateTimeOffset(2020, 4, 10, 0, 10, 20, TimeSpan.Zero),
            new ProviderMessage(["8619800001234", "6581234520"], "[230sms] Your code is 123456", "sms230", "t1", "sign"));

        Assert.Equal(
            """{"apikey":"230sms","timestamp":"20200410081020","sign":"3a81ae8d9525c1514500d7ce8a3e527a","mobile":"8619800001234,6581234520","content":"[230sms] Your code is 123456","senderid":"sms230","templateid":"t1","signname":"sign"}""",
            Encoding.UTF8.GetString(request.Body.Span));
        Assert.Equal("20200410081020", request.Timestamp);
        Assert.Equal(2, request.Numbers);
        Assert.Equal(ProviderCall.Marketing, request.Call);
    }

    [Fact]
    public void Chinese_and_the_signs_of_a_real_apikey_go_as_they_are()
    {
        using var keys = Samples.Keys();
        using var request = ProviderRequest.Build(_base, ProviderCall.Verification, keys, Samples.Now,
            new ProviderMessage(["8619800001234"], "【签名】您的验证码\r\n\"1<2\" & '3'", SignName: "签名"));
        var text = Encoding.UTF8.GetString(request.Body.Span);

        Assert.Contains($"\"apikey\":\"{Samples.ApiKey}\"", text, StringComparison.Ordinal);
        Assert.Contains("【签名】您的验证码\\r\\n\\\"1<2\\\" & '3'", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("回复 👍🏽 ok\t\u2028 \\ \" é ñ €")]
    public void A_text_reads_back_as_it_was(string content)
    {
        using var request = Samples.Request(_base, content: content);
        using var json = JsonDocument.Parse(request.Body);
        Assert.Equal(content, json.RootElement.GetProperty("content").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Optional_fields_without_a_value_are_left_out(string? value)
    {
        using var keys = Samples.Keys();
        using var request = ProviderRequest.Build(_base, ProviderCall.Marketing, keys, Samples.Now,
            new ProviderMessage(["8619800001234"], "x", value, value, value));
        using var json = JsonDocument.Parse(request.Body);
        Assert.Equal(["apikey", "timestamp", "sign", "mobile", "content"], json.RootElement.EnumerateObject().Select(p => p.Name));
    }

    [Theory]
    [InlineData(ProviderCall.Marketing, 0)]
    [InlineData(ProviderCall.Marketing, 1001)]
    [InlineData(ProviderCall.Verification, 0)]
    [InlineData(ProviderCall.Verification, 2)]
    public void Too_few_or_too_many_numbers_are_refused(ProviderCall call, int numbers) =>
        Assert.Throws<ArgumentException>(() => Build(call, [.. Enumerable.Repeat("8619800001234", numbers)], "x"));

    [Fact]
    public void A_thousand_numbers_are_taken_and_the_body_is_one_array_that_is_zeroed()
    {
        var request = Samples.Request(_base, 1000, new string('文', 500));
        using (var json = JsonDocument.Parse(request.Body))
            Assert.Equal(1000, json.RootElement.GetProperty("mobile").GetString()!.Split(',').Distinct(StringComparer.Ordinal).Count());
        var held = request.Body;

        request.Dispose();

        Assert.True(held.Length > 10_000);
        Assert.False(held.Span.ContainsAnyExcept((byte)0));
        Assert.True(request.Body.IsEmpty);
    }

    [Theory]
    [InlineData("a", 1, 1)]
    [InlineData("文", 20, 1)]
    [InlineData("文", 2000, 1000)]
    [InlineData("\u0001", 2000, 1000)]
    [InlineData("\"", 2000, 1)]
    [InlineData("😀", 2000, 3)]
    public void A_body_never_outgrows_its_room_and_so_leaves_no_copy_behind(string character, int times, int numbers)
    {
        var text = string.Concat(Enumerable.Repeat(character, times));
        var message = new ProviderMessage([.. Enumerable.Repeat("861980000123456", numbers)], text, text, text, text);
        var key = Encoding.UTF8.GetBytes(new string('"', Math.Min(times, 200)));
        Assert.Equal(RequestBody.Room(key, message), RequestBody.Write(key, "20200410081020", new string('f', 32), message).Capacity);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("019800001234")]
    [InlineData("+8619800001234")]
    [InlineData("861980")]
    [InlineData("8619800001234567")]
    [InlineData("86198 00001234")]
    [InlineData("８６１９８００００１２３４")]
    [InlineData("861980000123,8619800001234")]
    public void What_is_no_number_is_refused_and_not_repeated_in_the_error(string number)
    {
        var error = Assert.Throws<ArgumentException>(() => Build(ProviderCall.Marketing, ["8619800001234", number], "x"));
        Assert.Contains("Number 2 of 2", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("1980", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_without_a_text_is_refused() =>
        Assert.Throws<ArgumentException>(() => Build(ProviderCall.Marketing, ["8619800001234"], ""));

    [Theory]
    [InlineData(ProviderCall.Marketing)]
    [InlineData(ProviderCall.Verification)]
    public void A_probe_carries_a_number_that_nobody_has(ProviderCall call)
    {
        using var keys = Samples.Keys();
        using var probe = ProviderRequest.BuildProbe(_base, call, keys, Samples.Now);
        using var json = JsonDocument.Parse(probe.Body);
        Assert.Equal("0", json.RootElement.GetProperty("mobile").GetString());
        Assert.Equal(Signature.Sign(keys.ApiKey, probe.Timestamp, keys.Secret), json.RootElement.GetProperty("sign").GetString());
    }

    [Fact]
    public void Nothing_secret_is_in_what_a_log_would_print()
    {
        using var request = Samples.Request(_base);
        Assert.Equal("Marketing 20260304130607, 1 numbers", request.ToString());
        Assert.Equal("1 numbers", new ProviderMessage(["8619800001234"], "hello").ToString());
    }

    private static void Build(ProviderCall call, string[] numbers, string content)
    {
        using var keys = Samples.Keys();
        using var request = ProviderRequest.Build(_base, call, keys, Samples.Now, new ProviderMessage(numbers, content));
    }
}
