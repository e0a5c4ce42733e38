using System.Text;

using Portal.Sms.Provider;

namespace Portal.Tests.Sms;

internal static class Samples
{
    public const string ApiKey = "QL7o5+/abcdefghijklmno==";
    public const string Secret = "0123456789abcdef0123456789abcdef";
    public const string Taken = """{"status":"000","msg":"ok","code":"000","data":{"taskid":857319414809231360,"validnumber":1,"jfts":1}}""";

    public static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static KeyPair Keys() => new(Encoding.UTF8.GetBytes(ApiKey), Encoding.UTF8.GetBytes(Secret));

    public static ProviderRequest Request(Uri baseAddress, int numbers = 1, string content = "hello")
    {
        using var keys = Keys();
        var message = new ProviderMessage([.. Enumerable.Range(0, numbers).Select(i => $"{8619800000000L + i}")], content);
        return ProviderRequest.Build(baseAddress, ProviderCall.Marketing, keys, Now, message);
    }

    public static ProviderAnswer Read(string body, int httpStatus = 200) => ReplyReader.Read(httpStatus, Encoding.UTF8.GetBytes(body));
}
