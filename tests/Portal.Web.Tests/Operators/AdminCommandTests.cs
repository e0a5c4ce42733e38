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
    [InlineData("tenant create Grey --owner g@example.test", false)]
    [InlineData("tenant create Grey --owner g@example.test --password-alone", true)]
    public void A_tenant_is_let_in_with_the_password_alone_only_when_asked(string line, bool alone) =>
        Assert.Equal(alone, AdminCommand.Read(line.Split(' '))!.Has("password-alone"));

    [Theory]
    [InlineData("dispatch release", false)]
    [InlineData("dispatch release --json --resume-planned", true)]
    public void A_release_goes_on_with_what_was_planned_only_when_asked(string line, bool resumes)
    {
        var command = AdminCommand.Read(line.Split(' '))!;

        Assert.Equal((AdminVerb.DispatchRelease, resumes), (command.Verb, command.Has("resume-planned")));
    }

    [Theory]
    [InlineData("person code --email a@example.test", AdminVerb.PersonCode)]
    [InlineData("person reset --email a@example.test", AdminVerb.PersonReset)]
    [InlineData("person sign-out --email a@example.test", AdminVerb.PersonSignOut)]
    public void A_person_is_named_by_the_address(string line, object verb)
    {
        var command = AdminCommand.Read(line.Split(' '))!;

        Assert.Equal((verb, "a@example.test"), (command.Verb, command.Option("email")));
    }

    [Theory]
    [InlineData("tenant delete --tenant grey --name G", AdminVerb.DeleteTenant, "G")]
    [InlineData("tenant keep --tenant grey", AdminVerb.KeepTenant, null)]
    [InlineData("vault destroy --tenant grey --name G", AdminVerb.VaultDestroy, "G")]
    public void A_tenants_end_is_asked_for_by_its_slug_and_name(string line, object verb, string? name)
    {
        var command = AdminCommand.Read(line.Split(' '))!;

        Assert.Equal((verb, "grey", name), (command.Verb, command.Option("tenant"), command.Option("name")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("person code --password x")]
    [InlineData("operator")]
    [InlineData("tenant create")]
    [InlineData("tenant create A B")]
    [InlineData("operator create --mail x")]
    [InlineData("operator create --email")]
    [InlineData("dispatch")]
    [InlineData("tenant keep --name G")]
    [InlineData("tenant delete G")]
    [InlineData("vault destroy grey")]
    [InlineData("dispatch status --resume-planned")]
    [InlineData("dispatch release --resume-planned yes")]
    [InlineData("demo extra")]
    [InlineData("demo --simulator http://x extra")]
    public void What_is_not_known_is_not_guessed(string line) =>
        Assert.Null(AdminCommand.Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void A_release_tells_what_is_in_doubt_and_what_was_not_started()
    {
        var (tenant, sending, campaign) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var release = new AdminRelease([new(tenant, sending, 3, 30)], 1, [campaign]);
        var answer = new AdminAnswer { Dispatch = new(false, "other_timeline", "Recovered.", null, null, null, null, null, release) };

        Assert.Equal(
            $"released other_timeline: Recovered.\nin doubt, restored: tenant {tenant} sending {sending} batches 3 people 30\n"
            + $"paused, still being prepared: 1 sendings\nnot started, came due since: campaign {campaign}", answer.ToLines());
        Assert.Contains("\"batches\":3", answer.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_lines_are_those_that_the_start_script_reads()
    {
        var answer = new AdminAnswer { Tenant = "grey", Operator = new("o@example.test", "one"), Owner = new("g@example.test", null) };

        Assert.Equal("tenant grey\noperator o@example.test one\nowner g@example.test", answer.ToLines());
        Assert.Equal("""{"tenant":"grey","operator":{"email":"o@example.test","password":"one"},"owner":{"email":"g@example.test"}}""", answer.ToJson());
    }
}
