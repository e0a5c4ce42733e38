using System.Globalization;
using System.Text;

using FsCheck;
using FsCheck.Xunit;

using Portal.Sms.Provider;

namespace Portal.Tests.Sms;

public sealed class SignatureTests
{
    [Fact]
    public void The_documents_own_example_comes_out() =>
        Assert.Equal("3a81ae8d9525c1514500d7ce8a3e527a", Signature.Sign("230sms"u8, "20200410081020", "abc"u8));

    [Property]
    public bool A_key_pair_is_signed_untouched(NonNull<string> apiKey, NonNull<string> secret)
    {
        var key = Encoding.UTF8.GetBytes(apiKey.Get);
        var word = Encoding.UTF8.GetBytes(secret.Get);
#pragma warning disable CA5351 // the provider's choice
        var expected = System.Security.Cryptography.MD5.HashData([.. key, .. "20200410081020"u8, .. word]);
#pragma warning restore CA5351
        return Signature.Sign(key, "20200410081020", word) == Convert.ToHexStringLower(expected);
    }

    [Fact]
    public void A_disposed_key_pair_is_zeroed_and_shut()
    {
        byte[] key = [1, 2, 3];
        byte[] secret = [4, 5, 6];
        var pair = new KeyPair(key, secret);
        Assert.Equal("***", pair.ToString());
        Assert.Equal([1, 2, 3], pair.ApiKey.ToArray());

        pair.Dispose();

        Assert.All(key.Concat(secret), b => Assert.Equal(0, b));
        Assert.Throws<ObjectDisposedException>(() => pair.ApiKey.Length);
        Assert.Throws<ObjectDisposedException>(() => pair.Secret.Length);
    }

    [Theory]
    [InlineData("2020-04-10T00:10:20Z", "20200410081020")]
    [InlineData("2020-04-10T08:10:20+08:00", "20200410081020")]
    [InlineData("2020-04-09T19:40:20-04:30", "20200410081020")]
    [InlineData("2026-12-31T16:00:00Z", "20270101000000")]
    [InlineData("2026-12-31T15:59:59.9999999Z", "20261231235959")]
    public void A_timestamp_is_the_wall_clock_of_GMT_8(string instant, string expected) =>
        Assert.Equal(expected, ProviderClock.Timestamp(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture)));

    [Property]
    public bool A_timestamp_is_the_same_from_any_zone_and_reads_back(DateTime moment, int zone)
    {
        var instant = new DateTimeOffset(Math.Clamp(moment.Ticks, TimeSpan.TicksPerDay * 2, DateTime.MaxValue.Ticks - (TimeSpan.TicksPerDay * 2)), TimeSpan.Zero);
        var elsewhere = instant.ToOffset(TimeSpan.FromMinutes(Math.Abs(zone % (28 * 60)) - (14 * 60)));
        var timestamp = ProviderClock.Timestamp(elsewhere);
        return timestamp == ProviderClock.Timestamp(instant)
            && ProviderClock.TryParse(timestamp, out var back)
            && back == instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerSecond));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2020041008102")]
    [InlineData("20200230081020")]
    [InlineData("1586477420")]
    [InlineData("2020-04-10 08:10:20")]
    [InlineData("00010101000000")]
    public void What_is_no_timestamp_is_not_read(string? text) => Assert.False(ProviderClock.TryParse(text, out _));

    [Theory]
    [InlineData("2020-08-04 17:42", "2020-08-04T09:42:00Z")]
    [InlineData("2020-08-04 17:42:31", "2020-08-04T09:42:31Z")]
    [InlineData("2020-08-04 03:00", "2020-08-03T19:00:00Z")]
    [InlineData("2020-08-04", null)]
    [InlineData("04/08/2020 17:42", null)]
    [InlineData("0001-01-01 00:00", null)]
    [InlineData("", null)]
    public void A_receipts_time_is_GMT_8_and_comes_in_UTC(string times, string? expected)
    {
        var at = ProviderClock.ReceiptTime(times);
        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), at);
        Assert.Equal(TimeSpan.Zero, at?.Offset ?? TimeSpan.Zero);
    }
}
