using System.Reflection;
using System.Text.RegularExpressions;

namespace Portal.ArchitectureTests;

public sealed class ProjectTests
{
    [Fact]
    public void Each_project_refers_to_exactly_what_the_house_says() =>
        Rule.Holds(ProjectRules.WrongReferences(ProjectFile.All("src", "migrations")));

    [Theory]
    [InlineData("Portal.Sms", "../Portal/Portal.csproj", "Portal.Sms refers to [Portal], not to []")]
    [InlineData("Portal.Simulator", "..\\Portal.Sms\\Portal.Sms.csproj", "Portal.Simulator refers to [Portal.Sms], not to []")]
    [InlineData("Portal.Common", "../Portal/Portal.csproj", "Portal.Common has no place in the house")]
    public void A_reference_against_the_house_is_found(string name, string reference, string said) =>
        Assert.Contains(said, ProjectRules.WrongReferences([Project(name, $"<ProjectReference Include='{reference}' />")]));

    [Fact]
    public void A_missing_reference_is_found() =>
        Assert.Contains("Portal.Web refers to [], not to [Portal]", ProjectRules.WrongReferences([Project("Portal.Web", "")]));

    [Fact]
    public void The_product_and_its_leaves_know_no_web() =>
        Rule.Holds(ProjectRules.WebInside(ProjectFile.All("src")));

    [Theory]
    [InlineData("<FrameworkReference Include='Microsoft.AspNetCore.App' />")]
    [InlineData("<PackageReference Include='MudBlazor' />")]
    public void Web_inside_the_product_is_found(string item) =>
        Assert.Single(ProjectRules.WebInside([Project("Portal", item)]));

    [Theory]
    [InlineData("Portal")]
    [InlineData("Portal.Sms")]
    [InlineData("Portal.Vault")]
    public void What_was_compiled_knows_no_web_either(string assembly) =>
        Assert.DoesNotContain(Assembly.Load(assembly).GetReferencedAssemblies(), reference => IsWeb(reference.Name!));

    [Theory]
    [InlineData("Microsoft.AspNetCore.Http.Abstractions", true)]
    [InlineData("Microsoft.AspNetCore.Components", true)]
    [InlineData("MudBlazor", true)]
    [InlineData("Microsoft.AspNetCore.Identity.EntityFrameworkCore", false)]
    [InlineData("Npgsql", false)]
    public void The_web_is_told_from_what_only_carries_its_name(string assembly, bool web) => Assert.Equal(web, IsWeb(assembly));

    // Identity's store, Data Protection and its cryptography are packages of their own: they need no web.
    private static bool IsWeb(string assembly) =>
        Regex.IsMatch(assembly, @"^(MudBlazor|Microsoft\.AspNetCore\.(?!Identity\.EntityFrameworkCore$|DataProtection\b|Cryptography\b))", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private static ProjectFile Project(string name, string item) =>
        ProjectFile.Parse(name, $"<Project Sdk='Microsoft.NET.Sdk'><ItemGroup>{item}</ItemGroup></Project>");
}
