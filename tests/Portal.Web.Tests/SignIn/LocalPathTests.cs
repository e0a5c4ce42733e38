using Portal.Web.Hosting;

namespace Portal.Web.Tests.SignIn;

public sealed class LocalPathTests
{
    [Theory]
    [InlineData("/t/lantern-tea/contacts?page=2", "/t/lantern-tea/contacts?page=2")]
    [InlineData("/", "/")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("contacts", "/")]
    [InlineData("https://evil.test", "/")]
    [InlineData("//evil.test", "/")]
    [InlineData("/\\evil.test", "/")]
    [InlineData("/a\\b", "/")]
    [InlineData("/a\r\nSet-Cookie: x=y", "/")]
    [InlineData("javascript:alert(1)", "/")]
    public void Only_a_path_of_this_site_is_gone_back_to(string? path, string expected) => Assert.Equal(expected, LocalPath.Of(path));
}
