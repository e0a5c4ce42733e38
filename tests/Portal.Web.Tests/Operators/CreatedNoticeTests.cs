using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Portal.Web.Operators;

namespace Portal.Web.Tests.Operators;

public sealed class CreatedNoticeTests : PortalContext
{
    [Theory]
    [InlineData("en", "It is shown only now")]
    [InlineData("zh-Hans", "密码仅此一次显示")]
    public void A_new_owners_password_is_shown_to_be_copied(string culture, string once)
    {
        UseCulture(culture);

        var notice = Render<CreatedNotice>(p => p.Add(n => n.Tenant, new(Guid.NewGuid(), "grey", "g@example.test", "abcde-fghjk-mnpqr-stuvw")));

        Assert.Contains(once, notice.Markup, StringComparison.Ordinal);
        Assert.Equal("abcde-fghjk-mnpqr-stuvw", notice.Find("code").TextContent);
    }

    [Fact]
    public void A_known_owner_gets_no_password()
    {
        var notice = Render<CreatedNotice>(p => p.Add(n => n.Tenant, new(Guid.NewGuid(), "grey", "g@example.test", null)));

        Assert.Contains("g@example.test is its owner and signs in as before.", notice.Markup, StringComparison.Ordinal);
        Assert.Empty(notice.FindAll("code"));
    }
}

internal static class Texts
{
    public static IStringLocalizer<OperatorsText> GetLocalizer(this IServiceProvider services) =>
        services.GetRequiredService<IStringLocalizer<OperatorsText>>();
}
