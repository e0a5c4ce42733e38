using System.Globalization;
using System.Text;

using FsCheck;
using FsCheck.Xunit;

using Portal.Sms.Provider;

namespace Portal.Tests.Sms;

public sealed class ReplyReaderTests
{
    private static readonly string[] _codes = ["101", "102", "103", "104", "105", "106", "108", "111", "201", "202", "203", "204", "205", "206", "999"];

    // Every way in which the document lets a refusal be written; {0} is the code's digits.
    private static readonly string[] _shapes =
    [
        """{{"status":"{0}","msg":"no","code":"{0}"}}""",
        """{{"status":{0},"msg":"no","code":{0}}}""",
        """{{"code":"{0}"}}""",
        """{{"code":{0}}}""",
        """{{"status":"{0}"}}""",
        """{{"status":null,"code":"{0}","data":null}}""",
        """{{"status":"error","code":"{0}","Data":{{}}}}""",
        """{{"CODE":"{0}","Status":"","data":[]}}""",
        """{{"code":" {0} ","data":"","extra":{{"code":"000","list":[1,[2]]}}}}""",
        """{{"code":"{0}","data":{{"taskid":null,"validnumber":0,"jfts":"0"}},}}""",
        """{{"code":"{0}","Data":{{"taskid":"","validnumber":"0","jfts":null}}}}""",
        """{{"code":"{0}","data":{{"taskid":0,"validnumber":"","code":"000"}}}}""",
    ];

    public static TheoryData<string, int, string> Refusals()
    {
        var rows = new TheoryData<string, int, string>();
        foreach (var code in _codes)
        {
            foreach (var shape in _shapes)
            {
                foreach (var http in new[] { 200, 400, 403 })
                    rows.Add(code, http, string.Format(CultureInfo.InvariantCulture, shape, code));
            }
        }
        return rows;
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Every_code_is_read_in_every_shape(string code, int http, string body)
    {
        var answer = Samples.Read(body, http);
        var expected = code == "999"
            ? new ProviderAnswer { Kind = AnswerKind.InDoubt, Doubt = DoubtReason.SystemError999, Code = code, HttpStatus = http, TaskId = answer.TaskId, ValidNumber = answer.ValidNumber, Segments = answer.Segments }
            : new ProviderAnswer { Kind = AnswerKind.Refused, Code = code, HttpStatus = http };
        Assert.Equal(expected, answer);
    }

    public static TheoryData<string> Successes() =>
    [
        Samples.Taken,
        """{"status":"000","code":"000","data":{"taskid":"857319414809231360","validnumber":"1","jfts":"1"}}""",
        """{"status":"0","code":0,"Data":{"TaskId":857319414809231360,"ValidNumber":1,"JFTS":1}}""",
        """{"status":0,"DATA":{"taskid":857319414809231360,"validnumber":1,"jfts":1}}""",
        """{"code":"000","data":{"taskid":857319414809231360,"validnumber":1,"jfts":1}}""",
        """{"code":0,"status":null,"data":[{"taskid":857319414809231360,"validnumber":1,"jfts":1}]}""",
        """{"status":"000","code":"","jfts":1,"taskid":857319414809231360,"validnumber":" 1 "}""",
        """{"status":"000","code":"200","data":{"taskid":857319414809231360,"validnumber":1,"jfts":1,"status":7,"msg":{"taskid":9}},}""",
        "\uFEFF  {\"status\":\"000\",\"data\":{\"taskid\":857319414809231360,\"validnumber\":1,\"jfts\":1,}}\r\n",
        """{"\u0073tatus":"000","data":{"task\u0069d":"\u003857319414809231360","validnumber":1,"jfts":1}}""",
    ];

    [Theory]
    [MemberData(nameof(Successes))]
    public void A_success_is_read_in_every_shape(string body) => Assert.Equal(
        new ProviderAnswer { Kind = AnswerKind.Accepted, Code = "000", TaskId = "857319414809231360", ValidNumber = 1, Segments = 1, HttpStatus = 200 },
        Samples.Read(body));

    [Theory]
    [InlineData("""{"status":"000"}""")]
    [InlineData("""{"code":"000","data":null}""")]
    [InlineData("""{"status":"000","data":{"taskid":8.573194148092314E17,"validnumber":"many","jfts":[1]}}""")]
    [InlineData("""{"status":"000","data":{"taskid":{"a":1},"validnumber":1.5,"jfts":99999999999}}""")]
    [InlineData("""{"status":"000","data":"taken"}""")]
    [InlineData("""{"status":"000","data":{"taskid":"a\u0000b"}}""")]
    public void A_success_with_unreadable_details_is_still_a_success(string body) =>
        Assert.Equal(new ProviderAnswer { Kind = AnswerKind.Accepted, Code = "000", HttpStatus = 200 }, Samples.Read(body));

    [Theory]
    [InlineData("""{"code":"202","data":{"taskid":857319414809231360}}""")]
    [InlineData("""{"code":"202","data":{"validnumber":1}}""")]
    [InlineData("""{"code":"202","Data":{"jfts":"3"}}""")]
    [InlineData("""{"code":"202","taskid":"x"}""")]
    [InlineData("""{"code":"202","data":[{"taskid":"x"}]}""")]
    [InlineData("""{"status":"000","code":"202"}""")]
    [InlineData("""{"status":"202","code":"000"}""")]
    public void A_refusal_that_shows_a_sign_of_sending_is_in_doubt(string body)
    {
        var answer = Samples.Read(body);
        Assert.Equal((AnswerKind.InDoubt, DoubtReason.RefusedButTaken, "202"), (answer.Kind, answer.Doubt, answer.Code));
    }

    [Theory]
    [InlineData("""{"code":"202","data":{"taskid":8.5E17}}""")]
    [InlineData("""{"code":"202","data":{"taskid":true}}""")]
    [InlineData("""{"code":"202","data":{"validnumber":"some"}}""")]
    [InlineData("""{"code":"202","data":{"jfts":0.5}}""")]
    [InlineData("""{"code":"202","data":7}""")]
    public void A_refusal_with_unreadable_details_is_in_doubt(string body)
    {
        var answer = Samples.Read(body);
        Assert.Equal((AnswerKind.InDoubt, DoubtReason.Unreadable), (answer.Kind, answer.Doubt));
    }

    [Theory]
    [InlineData("""{"code":"107"}""", "107")]
    [InlineData("""{"code":1}""", "001")]
    [InlineData("""{"code":"E_LIMIT"}""", "E_LIMIT")]
    [InlineData("""{"code":-1}""", "-1")]
    [InlineData("""{"code":102.0}""", "102.0")]
    [InlineData("""{"status":"success","code":"000"}""", "success")]
    [InlineData("""{"timestamp":"2026","status":404,"error":"Not Found","path":"/outauth/send"}""", "404")]
    [InlineData("""{"code":"<script>alert(1)</script>"}""", null)]
    [InlineData("""{"code":"a\u0000b"}""", null)]
    [InlineData("""{"code":"12345678901234567"}""", null)]
    public void A_code_that_the_document_does_not_list_is_in_doubt(string body, string? shown)
    {
        var answer = Samples.Read(body, 404);
        Assert.Equal((AnswerKind.InDoubt, DoubtReason.UnknownCode, shown), (answer.Kind, answer.Doubt, answer.Code));
        Assert.False(ProviderCodes.ProvesKeyPair(answer));
    }

    public static TheoryData<string> Malformed() =>
    [
        "",
        " ",
        "\0",
        "OK",
        "000",
        "\"000\"",
        "null",
        "true",
        "[]",
        "{}",
        "{",
        "}",
        "<html><body>502</body></html>",
        "{\"status\":\"000\"",
        "{\"status\":\"000",
        "{\"status\":}",
        "{\"status\" \"000\"}",
        "{status:\"000\"}",
        "{'status':'000'}",
        "{\"status\":\"000\"}{\"status\":\"000\"}",
        "{\"status\":\"000\"} trailing",
        "{\"status\":\"000\",\"status\":\"000\"}",
        "{\"status\":\"000\",\"Status\":\"102\"}",
        "{\"code\":\"102\",\"code\":\"102\"}",
        "{\"code\":\"102\",\"data\":{},\"Data\":{\"taskid\":1}}",
        "{\"status\":\"000\",\"data\":{\"taskid\":1,\"TaskId\":2}}",
        "{\"status\":\"000\",\"taskid\":1,\"data\":{\"taskid\":1}}",
        "{\"status\":\"000\",\"data\":[{\"taskid\":1},{\"taskid\":2}]}",
        "{\"status\":\"000\",\"data\":[1]}",
        "{\"status\":true}",
        "{\"code\":{\"value\":\"000\"}}",
        "{\"code\":[\"000\"]}",
        "{\"status\":null,\"code\":null}",
        "{\"status\":\"\",\"code\":\"\"}",
        "{\"msg\":\"ok\"}",
        "{\"status\":\"\\ud800\"}",
        "{\"\\udc00\":1,\"status\":\"000\"}",
        "/* */{\"status\":\"000\"}",
        "callback({\"status\":\"000\"})",
        "{\"status\":\"000\",\"a\":" + new string('[', 40) + new string(']', 40) + "}",
        "\uFEFF\uFEFF{\"status\":\"000\"}",
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_reply_is_in_doubt(string body) => Assert.All(
        [Samples.Read(body), Samples.Read(body, 400)],
        answer => Assert.Equal((AnswerKind.InDoubt, DoubtReason.Unreadable, (string?)null), (answer.Kind, answer.Doubt, answer.Code)));

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_in_doubt_only_where_they_matter()
    {
        byte[] chineseInGbk = [0xB3, 0xC9, 0xB9, 0xA6];
        var unread = ReplyReader.Read(200, [.. "{\"msg\":\""u8, .. chineseInGbk, .. "\",\"status\":\"000\"}"u8]);
        var read = ReplyReader.Read(200, [.. "{\"status\":\""u8, .. chineseInGbk, .. "\"}"u8]);
        Assert.Equal(AnswerKind.Accepted, unread.Kind);
        Assert.Equal(DoubtReason.Unreadable, read.Doubt);
    }

    [Theory]
    [InlineData(301, DoubtReason.Redirected)]
    [InlineData(307, DoubtReason.Redirected)]
    [InlineData(500, DoubtReason.ServerError)]
    [InlineData(503, DoubtReason.ServerError)]
    [InlineData(599, DoubtReason.ServerError)]
    public void A_redirect_or_a_server_error_says_nothing_whatever_its_body(int http, DoubtReason expected)
    {
        Assert.Equal((AnswerKind.InDoubt, expected), (Samples.Read(Samples.Taken, http).Kind, Samples.Read(Samples.Taken, http).Doubt!.Value));
        Assert.Equal(expected, Samples.Read("""{"code":"102"}""", http).Doubt);
    }

    [Property]
    public bool A_taskid_of_64_bits_stays_as_it_is_written(DoNotSize<long> taskId) => StaysAsItIs(taskId.Item.ToString(CultureInfo.InvariantCulture));

    [Property]
    public bool A_taskid_of_64_bits_without_a_sign_stays_as_it_is_written(DoNotSize<ulong> taskId) => StaysAsItIs(taskId.Item.ToString(CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("0")]
    [InlineData("9007199254740993")]
    [InlineData("9223372036854775807")]
    [InlineData("-9223372036854775808")]
    [InlineData("18446744073709551615")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890")]
    public void A_taskid_at_the_edges_stays_as_it_is_written(string taskId) => Assert.True(StaysAsItIs(taskId));

    [Property(MaxTest = 2000)]
    public bool Whatever_arrives_is_answered_and_never_throws(byte[] body, int http)
    {
        var status = 200 + (Math.Abs(http % 400) / 100 * 100);
        return ReplyReader.Read(status, body).HttpStatus == status
            && ReplyReader.Read(200, [.. "{\"status\":\"000\",\"data\":{\"taskid\":\""u8, .. body, .. "\"}}"u8]).Kind is AnswerKind.Accepted or AnswerKind.InDoubt;
    }

    [Property]
    public bool A_reply_cut_anywhere_is_never_read_as_one(int at)
    {
        var whole = Encoding.UTF8.GetBytes(Samples.Taken);
        return ReplyReader.Read(200, whole.AsSpan(0, Math.Abs(at % whole.Length))).Doubt is DoubtReason.Unreadable;
    }

    private static bool StaysAsItIs(string taskId) =>
        Samples.Read($$$"""{"status":"000","data":{"taskid":{{{taskId}}}}}""").TaskId == taskId
        && Samples.Read($$$"""{"status":"000","data":{"taskid":"{{{taskId}}}"}}""").TaskId == taskId;
}
