using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using Portal.Dispatch;
using Portal.Tenants;
using Portal.Web.Shell;

namespace Portal.Web.Tests.Shell;

public sealed class LayoutTests : PortalContext
{
    private DispatchHold? _hold;

    public LayoutTests()
    {
        AddAuthorization().SetAuthorized("owner@lantern.example");
        Services.AddScoped<AntiforgeryStateProvider, OneToken>();
        Services.AddSingleton<AskDispatchHold>(_ => Task.FromResult(_hold));
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    [Theory]
    [InlineData("en", "Home, Campaigns, In doubt, Contacts, Accounts, Team")]
    [InlineData("zh-Hans", "首页, 群发活动, 存疑, 联系人, 账号, 团队")]
    public void The_navigation_speaks_the_persons_language(string culture, string words)
    {
        UseCulture(culture);
        Assert.Equal(words, string.Join(", ", TenantPage().FindAll("nav a").Select(a => a.TextContent)));
    }

    [Theory]
    [InlineData("/t/lantern", "Home")]
    [InlineData("/t/lantern/", "Home")]
    [InlineData("/t/lantern?from=mail", "Home")]
    [InlineData("/t/lantern/campaigns", "Campaigns")]
    [InlineData("/t/lantern/campaigns/7/people?state=failed", "Campaigns")]
    public void The_entry_of_the_page_is_marked(string address, string entry)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        Assert.Equal(entry, TenantPage().Find("nav [aria-current=page]").TextContent);
    }

    [Fact]
    public void An_address_that_only_begins_like_an_entry_marks_none()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/t/lantern/campaigns-old");
        Assert.Empty(TenantPage().FindAll("nav [aria-current]"));
    }

    [Fact]
    public void The_entries_lead_into_the_tenant_of_the_page() =>
        Assert.Equal(["/t/lantern", "/t/lantern/campaigns", "/t/lantern/doubts", "/t/lantern/contacts", "/t/lantern/accounts", "/t/lantern/team"],
            TenantPage().FindAll("nav a").Select(a => a.GetAttribute("href")));

    [Fact]
    public void An_entry_shows_from_its_role_on_and_an_empty_group_disappears()
    {
        NavGroup[] groups = [new(null, [new("Nav.Home", "")]), new("Nav.Company", [new("Nav.Accounts", "accounts", MemberRole.Manager)])];
        Assert.Single(groups.For(MemberRole.Sender));
        Assert.Equal(2, groups.For(MemberRole.Manager).Count);
    }

    [Theory]
    [InlineData("en", "中文", "/language/zh-Hans?back=%2Ft%2Flantern%2Fcampaigns%3Fq%3D1%262")]
    [InlineData("zh-Hans", "English", "/language/en?back=%2Ft%2Flantern%2Fcampaigns%3Fq%3D1%262")]
    public void The_language_link_names_the_other_language_and_leads_back(string culture, string name, string address)
    {
        UseCulture(culture);
        Services.GetRequiredService<NavigationManager>().NavigateTo("/t/lantern/campaigns?q=1&2");
        var link = TenantPage().Find(".language");
        Assert.Equal((name, address), (link.TextContent, link.GetAttribute("href")));
    }

    [Fact]
    public void Signing_out_is_a_form_with_a_token()
    {
        var form = TenantPage().Find("form");
        Assert.Equal(("post", "/account/sign-out"), (form.GetAttribute("method"), form.GetAttribute("action")));
        Assert.Equal("the token", form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value"));
    }

    [Fact]
    public void The_frame_names_the_company_and_the_person()
    {
        var page = TenantPage();
        Assert.Equal("Lantern Tea Co.", page.Find(".tenant b").TextContent);
        Assert.Equal("owner@lantern.example", page.Find(".menu-name b").TextContent);
        Assert.Equal("the page", page.Find("main#content").TextContent.Trim());
    }

    [Fact]
    public void Every_button_of_the_frame_has_a_name() =>
        Assert.All(TenantPage().FindAll("button"), b => Assert.NotEmpty(b.GetAttribute("aria-label") ?? b.TextContent.Trim()));

    [Fact]
    public void An_operator_sees_the_operators_pages()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/operator/tenants");
        var page = Render<OperatorLayout>(p => p.Add(l => l.Body, Markup("the page")));
        Assert.Equal(["/operator/tenants", "/operator/usage", "/operator/receipts", "/operator/jobs", "/operator/system", "/operator/audit"], page.FindAll("nav a").Select(a => a.GetAttribute("href")));
        Assert.Equal("Tenants", page.Find("nav [aria-current=page]").TextContent);
        Assert.Equal("_top", page.Find("nav a[href='/operator/jobs']").GetAttribute("target"));
    }

    [Fact]
    public void While_nothing_is_sent_every_page_of_a_tenant_says_so()
    {
        _hold = new DispatchHold("other_timeline", Now.AddMinutes(-5), null, null);
        Assert.Contains("Nothing is being sent at the moment.", TenantPage().Find("main [role=note]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void While_nothing_is_sent_operators_see_why_and_how_to_release()
    {
        _hold = new DispatchHold("other_timeline", Now.AddMinutes(-5), null, null);
        var said = Render<OperatorLayout>(p => p.Add(l => l.Body, Markup("the page"))).Find("main [role=note]").TextContent;
        Assert.Contains("recovered to a point in time", said, StringComparison.Ordinal);
        Assert.Contains("dispatch release", said, StringComparison.Ordinal);
    }

    [Fact]
    public void An_instance_that_cannot_write_the_store_is_named_and_needs_no_release()
    {
        _hold = new DispatchHold(null, Now, "The store cannot be written.", "web-1");
        var said = Render<OperatorLayout>(p => p.Add(l => l.Body, Markup("the page"))).Find("main [role=note]").TextContent;
        Assert.Contains("web-1 sends nothing: The store cannot be written.", said, StringComparison.Ordinal);
        Assert.DoesNotContain("dispatch release", said, StringComparison.Ordinal);
    }

    [Fact]
    public void While_sending_is_open_no_page_says_anything() => Assert.Empty(TenantPage().FindAll("main [role=note]"));

    [Fact]
    public void A_plain_page_needs_no_circuit()
    {
        SetRendererInfo(new RendererInfo("Static", isInteractive: false));
        var page = Render<PlainLayout>(p => p.Add(l => l.Body, Markup("the page")));
        Assert.Equal("the page", page.Find("main").TextContent);
        Assert.Equal(["light", "dark", "system"], page.FindAll("[data-theme-set]").Select(b => b.GetAttribute("data-theme-set")));
    }

    private IRenderedComponent<CascadingValue<ShellTenant>> TenantPage() => Render<CascadingValue<ShellTenant>>(p => p
        .Add(c => c.Value, new ShellTenant("lantern", "Lantern Tea Co.", "Asia/Shanghai", MemberRole.Viewer))
        .AddChildContent<TenantLayout>(l => l.Add(x => x.Body, Markup("the page"))));

    private sealed class OneToken : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken GetAntiforgeryToken() => new("the token", "__RequestVerificationToken");
    }
}
