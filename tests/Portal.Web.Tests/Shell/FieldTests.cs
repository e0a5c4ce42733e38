using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Portal.Web.Shell;

namespace Portal.Web.Tests.Shell;

public sealed class FieldTests : PortalContext
{
    [Fact]
    public void The_label_belongs_to_the_input()
    {
        var field = Name();
        Assert.Equal(field.Find("label").GetAttribute("for"), field.Find("input").Id);
        Assert.False(field.Find("input").HasAttribute("aria-describedby"));
    }

    [Fact]
    public void An_error_is_tied_to_its_input_before_the_help()
    {
        var field = Name(error: "A name is needed", help: "As your team calls it");
        var described = field.Find("input").GetAttribute("aria-describedby")!.Split(' ');
        Assert.Equal(["✕ A name is needed", "As your team calls it"], described.Select(id => field.Find("#" + id).TextContent));
        Assert.Equal("true", field.Find("input").GetAttribute("aria-invalid"));
    }

    [Fact]
    public void The_ids_stay_when_the_error_comes_and_goes()
    {
        var field = Name(error: "A name is needed");
        var id = field.Find("input").Id;
        field.Render(p => p.Add(f => f.Error, null));
        Assert.Equal(id, field.Find("input").Id);
        Assert.Empty(field.Find("[role=alert]").TextContent);
        Assert.False(field.Find("input").HasAttribute("aria-invalid"));
    }

    [Theory]
    [InlineData("en", "Name (optional)")]
    [InlineData("zh-Hans", "Name（选填）")]
    public void What_may_stay_empty_says_so(string culture, string label)
    {
        UseCulture(culture);
        Assert.Equal(label, Name(optional: true).Find("label").TextContent);
    }

    private IRenderedComponent<Field> Name(string? error = null, string? help = null, bool optional = false) => Render<Field>(p => p
        .Add(f => f.Label, "Name").Add(f => f.Error, error).Add(f => f.Help, help).Add(f => f.Optional, optional)
        .Add(f => f.ChildContent, attributes => builder =>
        {
            builder.OpenElement(0, "input");
            builder.AddMultipleAttributes(1, attributes);
            builder.CloseElement();
        }));
}
