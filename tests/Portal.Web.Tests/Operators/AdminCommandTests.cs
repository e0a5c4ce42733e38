using Portal.Web.Admin;

namespace Portal.Web.Tests.Operators;

public sealed class AdminCommandTests
{
    [Fact]
    public void A_tenant_is_named_before_its_options()
    {
        var command = AdminCommand.Read(["tenant", "create", "Grey Co.", "--owner", "g@example.test", "--json", "--slug", "grey"])!;

        Assert.Equal((AdminVerb.CreateTenant, "Grey Co.", true), (command.Verb, command.Name, command.Json));
        Assert.Equal(("g@example.test", "grey", null), (command.Option("owner"), command.Option("slug"), command.Option("password")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("operator")]
    [InlineData("tenant create")]
    [InlineData("tenant create A B")]
    [InlineData("operator create --mail x")]
    [InlineData("operator create --email")]
    [InlineData("demo extra")]
    [InlineData("demo --simulator http://x extra")]
    public void What_is_not_known_is_not_guessed(string line) =>
        Assert.Null(AdminCommand.Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void The_lines_are_those_that_the_start_script_reads()
    {
        var answer = new AdminAnswer { Tenant = "grey", Operator = new("o@example.test", "one"), Owner = new("g@example.test", null) };

        Assert.Equal("tenant grey\noperator o@example.test one\nowner g@example.test", answer.ToLines());
        Assert.Equal("""{"tenant":"grey","operator":{"email":"o@example.test","password":"one"},"owner":{"email":"g@example.test"}}""", answer.ToJson());
    }
}
