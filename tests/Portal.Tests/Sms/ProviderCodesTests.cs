using Portal.Sms.Provider;

namespace Portal.Tests.Sms;

public sealed class ProviderCodesTests
{
    [Theory]
    [InlineData("000", CodeAction.Accepted)]
    [InlineData("101", CodeAction.StopAccount)]
    [InlineData("102", CodeAction.StopAccount)]
    [InlineData("103", CodeAction.StopAccount)]
    [InlineData("104", CodeAction.FindBadNumber)]
    [InlineData("105", CodeAction.SlowDown)]
    [InlineData("106", CodeAction.StopCall)]
    [InlineData("108", CodeAction.FailBatch)]
    [InlineData("111", CodeAction.FindBadNumber)]
    [InlineData("201", CodeAction.StopAccount)]
    [InlineData("202", CodeAction.StopAccount)]
    [InlineData("203", CodeAction.StopAccount)]
    [InlineData("204", CodeAction.StopAccount)]
    [InlineData("205", CodeAction.StopAccount)]
    [InlineData("206", CodeAction.StopCall)]
    [InlineData("999", CodeAction.InDoubt)]
    public void Every_code_has_its_action(string code, CodeAction action)
    {
        Assert.Equal(action, ProviderCodes.Find(code).Action);
        Assert.NotEmpty(ProviderCodes.Find(code).Words);
        Assert.Contains(ProviderCodes.All, c => c.Code == code);
    }

    [Fact]
    public void There_are_no_other_codes() => Assert.Equal(16, ProviderCodes.All.Count);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("107")]
    [InlineData("0")]
    [InlineData("success")]
    public void Any_other_code_is_in_doubt(string? code)
    {
        Assert.Equal(CodeAction.InDoubt, ProviderCodes.Find(code).Action);
        Assert.False(ProviderCodes.IsListed(code));
    }

    [Theory]
    [InlineData("000", true)]
    [InlineData("101", false)]
    [InlineData("102", false)]
    [InlineData("103", false)]
    [InlineData("104", true)]
    [InlineData("105", true)]
    [InlineData("106", true)]
    [InlineData("108", true)]
    [InlineData("111", true)]
    [InlineData("201", true)]
    [InlineData("202", true)]
    [InlineData("203", true)]
    [InlineData("204", false)]
    [InlineData("205", false)]
    [InlineData("206", true)]
    [InlineData("999", false)]
    [InlineData("107", false)]
    public void A_key_pair_is_proven_by_what_comes_after_the_signature(string code, bool proven) =>
        Assert.Equal(proven, ProviderCodes.ProvesKeyPair(Samples.Read($$"""{"code":"{{code}}"}""")));

    [Theory]
    [InlineData("", 200)]
    [InlineData("<html>", 200)]
    [InlineData("""{"code":"104"}""", 302)]
    [InlineData("""{"code":"104"}""", 502)]
    public void An_unreadable_answer_proves_nothing(string body, int http) => Assert.False(ProviderCodes.ProvesKeyPair(Samples.Read(body, http)));

    [Fact]
    public void A_refusal_with_signs_of_sending_proves_by_its_code()
    {
        Assert.True(ProviderCodes.ProvesKeyPair(Samples.Read("""{"code":"104","taskid":1}""")));
        Assert.False(ProviderCodes.ProvesKeyPair(Samples.Read("""{"code":"102","taskid":1}""")));
    }

    [Fact]
    public void No_answer_proves_nothing() =>
        Assert.False(ProviderCodes.ProvesKeyPair(new ProviderAnswer { Kind = AnswerKind.NotSent, NotSent = NotSentReason.TlsFailed }));
}
