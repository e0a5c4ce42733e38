using Bunit;
using Portal.Members;
using Portal.Tenants;
using Portal.Web.Operators;

namespace Portal.Web.Tests.Operators;

public sealed class TenantTableTests : PortalContext
{
    private static readonly TenantRow _active =
        new(Guid.NewGuid(), "lantern-tea", "Lantern Tea Co.", TenantState.Active, null, Now, 3, 1_234_567);

    private static readonly TenantRow _suspended =
        new(Guid.NewGuid(), "grey-co", "Grey Co.", TenantState.Suspended, "The invoice is open.", Now, 1, 0);

    [Theory]
    [InlineData("en", "No tenant yet")]
    [InlineData("zh-Hans", "还没有租户")]
    public void Without_a_tenant_it_says_what_to_do(string culture, string title)
    {
        UseCulture(culture);

        var table = Render<TenantTable>(p => p.Add(t => t.Rows, []));

        Assert.Contains(title, table.Markup, StringComparison.Ordinal);
        Assert.Empty(table.FindAll("table"));
    }

    [Theory]
    [InlineData("en", "Active", "Suspended", "Suspend Lantern Tea Co.", "Resume Grey Co.")]
    [InlineData("zh-Hans", "正常", "已停用", "停用 Lantern Tea Co.", "恢复 Grey Co.")]
    public void Each_state_has_its_word_and_its_act(string culture, string active, string suspended, string suspend, string resume)
    {
        UseCulture(culture);

        var rows = Render<TenantTable>(p => p.Add(t => t.Rows, [_active, _suspended])).FindAll("tbody tr");

        Assert.Contains(active, rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("1,234,567", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Equal(suspend, rows[0].QuerySelector("button")!.GetAttribute("aria-label"));
        Assert.Contains(suspended, rows[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("The invoice is open.", rows[1].TextContent, StringComparison.Ordinal);
        Assert.Equal(resume, rows[1].QuerySelector("button")!.GetAttribute("aria-label"));
    }

    [Fact]
    public void The_buttons_name_the_tenant_they_are_for()
    {
        List<string> asked = [];
        var table = Render<TenantTable>(p => p
            .Add(t => t.Rows, [_active, _suspended])
            .Add(t => t.OnSuspend, row => asked.Add("suspend " + row.Slug))
            .Add(t => t.OnResume, row => asked.Add("resume " + row.Slug)));

        table.FindAll("tbody button")[0].Click();
        table.FindAll("tbody button")[1].Click();

        Assert.Equal(["suspend lantern-tea", "resume grey-co"], asked);
    }
}
