using System.Globalization;
using System.Text;

using FsCheck;
using FsCheck.Xunit;

using Portal.Sms.Provider;

namespace Portal.Tests.Sms;

public sealed class ReceiptReaderTests
{
    // Byte for byte the provider document's section 4.2, which is not valid JSON.
    private const string Documented = """
        {
            "apikey":"230sms",
            "taskid":"857319414809231360",
            "mobile":"861234****",
            "status":"DELIVRD",
            "times":"2020-08-04 17:42",
        }
        """;

    private static readonly ProviderReceipt _documentedReceipt = new(
        "230sms", "857319414809231360", "861234****", Masked: true, "DELIVRD", "2020-08-04 17:42");

    public static TheoryData<string> SameReceipt() =>
    [
        Documented,
        "\uFEFF" + Documented,
        "\r\n " + Documented + " \r\n",
        """{"apikey":"230sms","taskid":857319414809231360,"mobile":"861234****","status":"DELIVRD","times":"2020-08-04 17:42"}""",
        """{"times":"2020-08-04 17:42","status":"DELIVRD","mobile":"861234****","taskid":"857319414809231360","apikey":"230sms","sn":{"a":[1]},"Status":"X","APIKEY":"Y"}""",
        """{"\u0061pikey":"230sms","taskid":"857319414809231360","mobile":"861234\u002A***","status":"DELIVRD","times":"2020-08-04 17:42"}""",
        Uri.EscapeDataString(Documented),
        Uri.EscapeDataString(Documented) + "=",
        Uri.EscapeDataString(Documented).Replace("%20", "+", StringComparison.Ordinal) + "=",
        Uri.EscapeDataString(Documented).Replace("%7B", "%7b", StringComparison.Ordinal),
        Documented + "=",
        "\n" + Documented + "=\n",
    ];

    [Theory]
    [MemberData(nameof(SameReceipt))]
    public void A_receipt_is_read_in_every_shape(string body)
    {
        Assert.True(TryRead(body, out var receipt, out var problem), problem.ToString());
        Assert.Equal(_documentedReceipt, receipt);
        Assert.Equal(new DateTimeOffset(2020, 8, 4, 17, 42, 0, TimeSpan.FromHours(8)), receipt!.At);
        Assert.Equal(ReceiptProblem.None, problem);
    }

    [Theory]
    [InlineData("8619800001234", false)]
    [InlineData("861980000xxxx", true)]
    [InlineData("86198****1234", true)]
    public void A_number_that_is_not_all_digits_is_masked(string mobile, bool masked)
    {
        Assert.True(TryRead($$"""{"apikey":"a","taskid":"1","mobile":"{{mobile}}","status":"s"}""", out var receipt, out _));
        Assert.Equal(masked, receipt!.Masked);
    }

    [Fact]
    public void A_number_that_comes_as_a_number_is_text()
    {
        Assert.True(TryRead("""{"apikey":1,"taskid":18446744073709551615,"mobile":8619800001234,"status":0,"times":null}""", out var receipt, out _));
        Assert.Equal(new ProviderReceipt("1", "18446744073709551615", "8619800001234", false, "0", ""), receipt);
    }

    [Fact]
    public void The_plus_of_an_apikey_outlives_a_careless_encoder()
    {
        var json = $$"""{ "apikey":"{{Samples.ApiKey}}","taskid":"1","mobile":"8619800001234","status":"DELIVRD","times":"2020-08-04 17:42"}""";
        foreach (var body in new[]
        {
            json,
            json + "=",
            Uri.EscapeDataString(json),
            Uri.EscapeDataString(json).Replace("%2B", "+", StringComparison.Ordinal).Replace("%20", "+", StringComparison.Ordinal),
        })
        {
            Assert.True(TryRead(body, out var receipt, out _));
            Assert.Equal(Samples.ApiKey, receipt!.ApiKey);
            Assert.NotNull(receipt.At);
        }
    }

    [Fact]
    public void A_body_is_decoded_once_and_not_at_all_when_it_is_JSON()
    {
        Assert.True(TryRead("""{"apikey":"a%2Bb","taskid":"1","mobile":"8619800001234","status":"s+t"}""", out var plain, out _));
        Assert.Equal(("a%2Bb", "s+t"), (plain!.ApiKey, plain.Status));
        Assert.True(TryRead(Uri.EscapeDataString("""{"apikey":"a%2Bb","taskid":"1","mobile":"8619800001234","status":"s"}"""), out var form, out _));
        Assert.Equal("a%2Bb", form!.ApiKey);
    }

    public static TheoryData<string, ReceiptProblem> Refused()
    {
        var rows = new TheoryData<string, ReceiptProblem>
        {
            { "", ReceiptProblem.NotJson },
            { "OK", ReceiptProblem.NotJson },
            { "[]", ReceiptProblem.NotJson },
            { "[" + Documented + "]", ReceiptProblem.NotJson },
            { Documented + Documented, ReceiptProblem.NotJson },
            { Documented[..^1], ReceiptProblem.NotJson },
            { "apikey=230sms&taskid=1&mobile=8619800001234&status=DELIVRD", ReceiptProblem.NotJson },
            { "%7B%", ReceiptProblem.NotJson },
            { "%257B%2522apikey%2522", ReceiptProblem.NotJson },
            { "<xml/>", ReceiptProblem.NotJson },
            { "{\"a\":[[[[[1]]]]]}", ReceiptProblem.NotJson },
            { Build(status: "\\ud800"), ReceiptProblem.NotJson },
            { Build(status: "a\u0000b"), ReceiptProblem.NotJson },
            { Build(status: "\\u0000"), ReceiptProblem.NulCharacter },
            { Build(apiKey: "a\\u0000"), ReceiptProblem.NulCharacter },
            { Uri.EscapeDataString(Build(mobile: "\\u0000")), ReceiptProblem.NulCharacter },
            { "{}", ReceiptProblem.MissingField },
            { """{"apikey":"a","taskid":"1","mobile":"8619800001234"}""", ReceiptProblem.MissingField },
            { Build(apiKey: ""), ReceiptProblem.MissingField },
            { Build(taskId: ""), ReceiptProblem.MissingField },
            { Build(mobile: ""), ReceiptProblem.MissingField },
            { """{"apikey":"a","apikey":"a"}""", ReceiptProblem.DuplicateField },
            { """{"taskid":null,"taskid":"1"}""", ReceiptProblem.DuplicateField },
            { """{"apikey":true}""", ReceiptProblem.WrongKind },
            { """{"taskid":8.57E17}""", ReceiptProblem.WrongKind },
            { """{"taskid":8570.0}""", ReceiptProblem.WrongKind },
            { """{"mobile":["8619800001234"]}""", ReceiptProblem.WrongKind },
            { Build(apiKey: new string('a', 201)), ReceiptProblem.FieldTooLong },
            { Build(taskId: new string('1', 65)), ReceiptProblem.FieldTooLong },
            { Build(mobile: new string('1', 21)), ReceiptProblem.FieldTooLong },
            { Build(status: new string('A', 65)), ReceiptProblem.FieldTooLong },
            { Build(times: new string('2', 33)), ReceiptProblem.FieldTooLong },
            { Build() + new string(' ', 4096), ReceiptProblem.TooLong },
        };
        return rows;
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_no_receipt_is_refused_with_its_reason(string body, ReceiptProblem expected)
    {
        Assert.False(TryRead(body, out var receipt, out var problem));
        Assert.Equal(expected, problem);
        Assert.Null(receipt);
    }

    [Fact]
    public void The_longest_fields_and_the_longest_body_are_taken()
    {
        var body = Build(new string('a', 200), new string('1', 64), new string('1', 20), new string('A', 64), new string('2', 32));
        Assert.True(TryRead(body + new string(' ', ReceiptReader.LongestBody - body.Length), out _, out _));
    }

    [Property]
    public bool A_taskid_of_64_bits_stays_as_it_is_written(DoNotSize<long> taskId)
    {
        var text = taskId.Item.ToString(CultureInfo.InvariantCulture);
        return TryRead(Build(taskId: text).Replace($"\"{text}\"", text, StringComparison.Ordinal), out var bare, out _) && bare!.TaskId == text
            && TryRead(Build(taskId: text), out var quoted, out _) && quoted!.TaskId == text;
    }

    [Property(MaxTest = 2000)]
    public bool Whatever_arrives_is_answered_and_never_throws(byte[] noise, int at)
    {
        var body = Encoding.UTF8.GetBytes(Documented).ToList();
        body.InsertRange(Math.Abs(at % body.Count), noise);
        return ReceiptReader.TryRead(noise, out _, out var first) == (first is ReceiptProblem.None)
            && ReceiptReader.TryRead(body.ToArray(), out _, out var second) == (second is ReceiptProblem.None);
    }

    [Fact]
    public void Neither_apikey_nor_number_is_in_what_a_log_would_print() =>
        Assert.Equal("receipt of 857319414809231360: DELIVRD", _documentedReceipt.ToString());

    [Theory]
    [InlineData("DELIVRD", ReceiptMeaning.Delivered)]
    [InlineData("delivrd ", ReceiptMeaning.Delivered)]
    [InlineData("UNDELIV", ReceiptMeaning.Undelivered)]
    [InlineData("EXPIRED", ReceiptMeaning.Undelivered)]
    [InlineData("REJECTD", ReceiptMeaning.Undelivered)]
    [InlineData("DELETED", ReceiptMeaning.Undelivered)]
    [InlineData("ACCEPTD", ReceiptMeaning.NotFinal)]
    [InlineData("ENROUTE", ReceiptMeaning.NotFinal)]
    [InlineData("UNKNOWN", ReceiptMeaning.NotFinal)]
    [InlineData("MK:0001", ReceiptMeaning.Unlisted)]
    [InlineData("DB:0141", ReceiptMeaning.Unlisted)]
    [InlineData("SIGFAIL", ReceiptMeaning.Unlisted)]
    [InlineData("DELIVERED", ReceiptMeaning.Unlisted)]
    [InlineData("", ReceiptMeaning.Unlisted)]
    public void A_word_has_its_meaning(string status, ReceiptMeaning meaning) => Assert.Equal(meaning, ReceiptWords.Meaning(status));

    private static string Build(string apiKey = "a", string taskId = "1", string mobile = "8619800001234", string status = "DELIVRD", string times = "") =>
        $$"""{"apikey":"{{apiKey}}","taskid":"{{taskId}}","mobile":"{{mobile}}","status":"{{status}}","times":"{{times}}"}""";

    private static bool TryRead(string body, out ProviderReceipt? receipt, out ReceiptProblem problem) =>
        ReceiptReader.TryRead(Encoding.UTF8.GetBytes(body), out receipt, out problem);
}
