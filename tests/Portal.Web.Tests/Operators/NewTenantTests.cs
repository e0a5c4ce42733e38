using Bunit;
using Portal.Members;
using Portal.Web.Operators;

namespace Portal.Web.Tests.Operators;

public sealed class NewTenantTests : PortalContext
{
    [Theory]
    [InlineData("en", "“lantern-tea” is taken by another tenant. Choose another one.", "This is no e-mail address: it looks like name@example.com.")]
    [InlineData("zh-Hans", "“lantern-tea”已被其他租户使用，请另选一个。", "邮箱格式不正确，应类似 name@example.com。")]
    public void Each_problem_stands_at_its_field_and_what_was_typed_stays(string culture, string slug, string email)
    {
        UseCulture(culture);
        var draft = new TenantDraft { Name = "Lantern Tea Co.", Slug = "lantern-tea", OwnerEmail = "nobody" };

        var form = Render<NewTenant>(p => p
            .Add(f => f.Draft, draft)
            .Add(f => f.Problems, [new("Slug", "slug_taken", "lantern-tea"), new("OwnerEmail", "email_invalid")]));

        var wrong = form.FindAll(".field-wrong");
        Assert.Equal(2, wrong.Count);
        Assert.Contains(slug, wrong[0].TextContent, StringComparison.Ordinal);
        Assert.Equal("lantern-tea", wrong[0].QuerySelector("input")!.GetAttribute("value"));
        Assert.Contains(email, wrong[1].TextContent, StringComparison.Ordinal);
        Assert.Equal("nobody", wrong[1].QuerySelector("input")!.GetAttribute("value"));
    }

    [Fact]
    public void What_is_typed_is_what_is_asked_for()
    {
        CreateTenantInput? asked = null;
        var form = Render<NewTenant>(p => p.Add(f => f.Draft, new()).Add(f => f.OnCreate, draft => asked = draft.Input));

        var inputs = form.FindAll("input:not([type=checkbox])").Count;
        for (var i = 0; i < inputs; i++)
            form.FindAll("input:not([type=checkbox])")[i].Change(((string[])["Grey Co.", "grey", "g@example.test", "Europe/London", "GB"])[i]);
        form.Find("form").Submit();
        Assert.Equal(new("Grey Co.", "grey", "g@example.test", "Europe/London", "GB", DemandsFactor: true), asked);

        // Two factors, unless the operator lets go of them.
        form.Find("input[name=DemandsFactor]").Change(false);
        form.Find("form").Submit();
        Assert.False(asked!.DemandsFactor);
    }

    [Fact]
    public void It_cannot_be_sent_twice()
    {
        var form = Render<NewTenant>(p => p.Add(f => f.Draft, new()).Add(f => f.Busy, true));

        Assert.True(form.Find("button[type=submit]").HasAttribute("disabled"));
    }

    [Fact]
    public void Every_problem_of_a_tenant_has_a_sentence_in_both_languages()
    {
        string[] codes =
        [
            "name_missing", "name_long", "slug_missing", "slug_invalid", "slug_taken", "email_invalid", "email_taken", "password_length", "zone_unknown",
            "country_unknown", "reason_missing", "reason_long", "tenant_unknown", "already_suspended", "not_suspended",
        ];
        foreach (var culture in (string[])["en", "zh-Hans"])
        {
            UseCulture(culture);
            var texts = Services.GetLocalizer();
            Assert.All(codes, c => Assert.False(texts["Problem_" + c].ResourceNotFound, $"{culture}: {c}"));
        }
    }
}
