using System.Text;
using Portal.Members;

namespace Portal.Tests.Members;

public sealed class TotpTests
{
    private static readonly byte[] _seed = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>RFC 6238, appendix B, the last six of its eight digits.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_RFC(long seconds, string code) =>
        Assert.Equal(code, Totp.CodeOf(_seed, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))));

    [Fact]
    public void A_code_counts_one_step_before_and_one_after_and_no_further()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_010);
        var step = Totp.StepAt(now);
        foreach (var (drift, counts) in ((int, bool)[])[(-2, false), (-1, true), (0, true), (1, true), (2, false)])
            Assert.Equal(counts ? step + drift : null, Totp.StepOf(_seed, Totp.CodeOf(_seed, step + drift), now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("abcdef")]
    [InlineData("１２３４５６")]
    public void What_is_no_code_is_none(string typed) => Assert.Null(Totp.StepOf(_seed, typed, DateTimeOffset.UnixEpoch));

    [Fact]
    public void The_key_is_base32_and_the_picture_says_who_and_what()
    {
        var key = Totp.KeyOf(_seed);

        Assert.Equal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", key);
        Assert.Equal($"otpauth://totp/Portal:a%2Bb%40example.test?secret={key}&issuer=Portal&digits=6&period=30", Totp.UriOf(key, "a+b@example.test"));
    }
}
