using Portal.Vault;

namespace Portal.Tests.Vaults;

public sealed class VaultOriginTests
{
    [Theory]
    [InlineData("https://api.230sms.com", "https://api.230sms.com:443")]
    [InlineData("http://api.230sms.com/smscoreapi/", "http://api.230sms.com:80")]
    [InlineData("HTTPS://API.230SMS.com:8443/x?y#z", "https://api.230sms.com:8443")]
    [InlineData("https://user:word@api.230sms.com", "https://api.230sms.com:443")]
    [InlineData("https://短信.example", "https://xn--vuq298g.example:443")]
    [InlineData("https://BÜCHER.example", "https://xn--bcher-kva.example:443")]
    [InlineData("http://[::1]:5081/", "http://[::1]:5081")]
    [InlineData("http://127.0.0.1:5081/", "http://127.0.0.1:5081")]
    public void An_origin_has_one_spelling(string address, string origin) =>
        Assert.Equal(origin, VaultOrigin.Of(new Uri(address)));

    [Theory]
    [InlineData("ftp://api.230sms.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/outauth/send")]
    public void What_is_no_web_address_has_no_origin(string address) =>
        Assert.Throws<ArgumentException>(() => VaultOrigin.Of(new Uri(address, UriKind.RelativeOrAbsolute)));
}
