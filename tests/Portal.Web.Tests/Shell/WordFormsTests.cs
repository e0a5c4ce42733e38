using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Portal.Web.Campaigns;
using Portal.Web.Shell;

namespace Portal.Web.Tests.Shell;

public sealed class WordFormsTests : PortalContext
{
    [Theory]
    [InlineData(0, "0 people are in doubt.")]
    [InlineData(1, "1 person is in doubt.")]
    [InlineData(2, "2 people are in doubt.")]
    [InlineData(1001, "1,001 people are in doubt.")]
    public void A_number_chooses_the_words_beside_it(int people, string said) =>
        Assert.Equal(said, Services.GetRequiredService<IStringLocalizer<CampaignsText>>()["InDoubt.Title", people]);

    [Fact]
    public void Chinese_has_one_form()
    {
        UseCulture("zh-Hans");
        Assert.Equal("1 人存疑。", Services.GetRequiredService<IStringLocalizer<CampaignsText>>()["InDoubt.Title", 1]);
    }

    [Theory]
    [InlineData("1", "1 run")]
    [InlineData("21", "21 runs")]
    public void A_number_may_come_written(string number, string said) => Assert.Equal(said, WordForms.Format("{0} {0:run|runs}", number));

    [Fact]
    public void All_else_is_written_as_ever()
    {
        Assert.Equal("1,234 ab 2026-12-01 {x}", WordForms.Format("{0:N0} {1} {2:yyyy-MM-dd}{3} {{x}}", 1234, "ab", new DateOnly(2026, 12, 1), null));
        Assert.Equal("   ab", WordForms.Format("{0,5}", "ab"));
    }
}
