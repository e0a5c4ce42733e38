using System.Buffers;

using static Portal.Sms.Numbers.PhoneNumbers;

namespace Portal.Sms.Provider;

/// <summary>
/// One signed request, complete before anything leaves. It is sent once: an attempt is never signed again and never sent again.
/// The body holds the apikey and the signature, and is zeroed when the request is disposed.
/// </summary>
public sealed class ProviderRequest : IDisposable
{
    private readonly ArrayBufferWriter<byte> _body;
    private int _taken;

    private ProviderRequest(Uri address, ProviderCall call, string timestamp, int numbers, ArrayBufferWriter<byte> body)
    {
        Address = address;
        Call = call;
        Timestamp = timestamp;
        Numbers = numbers;
        _body = body;
    }

    /// <summary>The full address of the call.</summary>
    public Uri Address { get; }

    /// <summary>Which of the two calls.</summary>
    public ProviderCall Call { get; }

    /// <summary>The provider's time in the signature, <c>yyyyMMddHHmmss</c> in GMT+8.</summary>
    public string Timestamp { get; }

    /// <summary>How many numbers the body carries.</summary>
    public int Numbers { get; }

    /// <summary>The body, JSON in UTF-8; empty once disposed.</summary>
    public ReadOnlyMemory<byte> Body => _body.WrittenMemory;

    /// <summary>Makes and signs a request.</summary>
    /// <exception cref="ArgumentException">
    /// No text, no number, more than 1000 numbers (more than 1 for a verification), or something that is not a number. Nothing of them is in the exception.
    /// </exception>
    public static ProviderRequest Build(Uri baseAddress, ProviderCall call, KeyPair keys, DateTimeOffset now, ProviderMessage message)
    {
        Check(call, message);
        return Sign(baseAddress, call, keys, now, message);
    }

    /// <summary>
    /// A request that proves a key pair and sends nothing: its only number is <c>0</c>, which no account may write to.
    /// What the answer proves is said by <see cref="ProviderCodes.ProvesKeyPair"/>.
    /// </summary>
    public static ProviderRequest BuildProbe(Uri baseAddress, ProviderCall call, KeyPair keys, DateTimeOffset now) =>
        Sign(baseAddress, call, keys, now, new ProviderMessage(["0"], "test"));

    /// <summary>Zeroes the body.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _taken, 1);
        _body.Clear();
    }

    /// <summary>Says nothing secret: it may end in a log.</summary>
    public override string ToString() => $"{Call} {Timestamp}, {Numbers} numbers";

    /// <summary>Marks the request as sent; the client calls it before anything else.</summary>
    /// <exception cref="InvalidOperationException">It was sent before, or disposed.</exception>
    internal void Take()
    {
        if (Interlocked.Exchange(ref _taken, 1) != 0)
            throw new InvalidOperationException("A request is sent once, and not after it was disposed.");
    }

    private static ProviderRequest Sign(Uri baseAddress, ProviderCall call, KeyPair keys, DateTimeOffset now, ProviderMessage message)
    {
        var address = call.AddressBelow(baseAddress);
        var timestamp = ProviderClock.Timestamp(now);
        var sign = Signature.Sign(keys.ApiKey, timestamp, keys.Secret);
        return new ProviderRequest(address, call, timestamp, message.Numbers.Count, RequestBody.Write(keys.ApiKey, timestamp, sign, message));
    }

    private static void Check(ProviderCall call, ProviderMessage message)
    {
        if (message.Numbers.Count < 1 || message.Numbers.Count > call.MostNumbers())
            throw new ArgumentException($"A {call} request carries 1 to {call.MostNumbers()} numbers, not {message.Numbers.Count}.", nameof(message));
        if (string.IsNullOrEmpty(message.Content))
            throw new ArgumentException("A request has a text.", nameof(message));
        for (var i = 0; i < message.Numbers.Count; i++)
        {
            if (!IsNumber(message.Numbers[i]))
                throw new ArgumentException($"Number {i + 1} of {message.Numbers.Count} is not 7 to 15 digits that start with a country code.", nameof(message));
        }
    }
}
