using Bunit;
using Portal.Members;
using Portal.Tenants;
using Portal.Web.Team;

namespace Portal.Web.Tests.Team;

public sealed class TeamPartsTests : PortalContext
{
    private static readonly TeamMember _owner = new(Guid.NewGuid(), "Lin Yue", "lin@lantern.test", MemberRole.Owner, Now);
    private static readonly TeamMember _sender = new(Guid.NewGuid(), "Ann", "ann@lantern.test", MemberRole.Sender, Now);

    [Theory]
    [InlineData(MemberRole.Owner, 4)]
    [InlineData(MemberRole.Manager, 2)]
    [InlineData(MemberRole.Sender, 1)]
    public void Only_what_a_role_may_do_is_offered(MemberRole own, int acts)
    {
        var table = Render<MembersTable>(p => p.Add(t => t.Members, [_owner, _sender]).Add(t => t.Me, _sender.UserId).Add(t => t.Own, own));

        Assert.Equal(acts, table.FindAll("button").Count);
        Assert.Contains("(you)", table.FindAll("tbody tr")[1].TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", false, false, "Left to each member", "Demand a second factor")]
    [InlineData("en", true, false, "Needed by everybody", "Let go of it")]
    [InlineData("en", true, true, "Whoever runs the portal demands it", null)]
    [InlineData("zh-Hans", true, false, "全员必需", "取消要求")]
    public void Whether_a_second_factor_is_demanded_is_said_and_an_owner_changes_it(string culture, bool demanded, bool forAll, string said, string? act)
    {
        UseCulture(culture);
        var asked = new List<bool>();
        var panel = Render<FactorPanel>(p => p.Add(f => f.View, new([_owner, _sender], [], demanded, forAll)).Add(f => f.MayChange, true).Add(f => f.OnDemand, asked.Add));

        Assert.Contains(said, panel.Markup, StringComparison.Ordinal);
        Assert.Equal(act, panel.FindAll("button").SingleOrDefault()?.TextContent);
        if (act is not null)
        {
            panel.Find("button").Click();
            Assert.Equal(!demanded, Assert.Single(asked));
        }
        panel.Render(p => p.Add(f => f.MayChange, false));
        Assert.Empty(panel.FindAll("button"));
    }

    [Fact]
    public void Who_has_a_second_factor_is_shown_where_it_is_known()
    {
        var table = Render<MembersTable>(p => p.Add(t => t.Members, [_owner with { HasFactor = true }, _sender with { HasFactor = false }]).Add(t => t.Own, MemberRole.Owner));
        Assert.Equal(["yes", "no"], table.FindAll("td[data-label='Second factor']").Select(c => c.TextContent));

        table.Render(p => p.Add(t => t.Members, [_owner, _sender]));
        Assert.DoesNotContain("Second factor", table.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_role_above_ones_own_is_not_offered()
    {
        var choice = Render<RoleChoice>(p => p.Add(c => c.Own, MemberRole.Manager));

        Assert.Equal(["Manager", "Sender", "Viewer"], choice.FindAll("input").Select(i => i.GetAttribute("value")));
    }

    [Fact]
    public async Task What_is_wrong_with_an_invitation_is_said_at_the_field_and_the_address_stays()
    {
        var form = Render<InviteForm>(p => p.Add(f => f.Own, MemberRole.Owner)
            .Add(f => f.Invite, (email, _) => Task.FromResult<IReadOnlyList<Problem>>([new("Email", "invited_already", email)])));
        await form.Find("input[name=Email]").ChangeAsync(new() { Value = "ann@lantern.test" });

        await form.Find("form").SubmitAsync();

        Assert.Contains("ann@lantern.test is invited already", form.Find(".field-error").TextContent, StringComparison.Ordinal);
        Assert.Equal("ann@lantern.test", form.Find("input[name=Email]").GetAttribute("value"));
    }

    [Fact]
    public async Task A_sent_invitation_empties_the_form_and_says_so()
    {
        (string, MemberRole)? asked = null;
        var form = Render<InviteForm>(p => p.Add(f => f.Own, MemberRole.Owner).Add(f => f.Invite, (email, role) =>
        {
            asked = (email, role);
            return Task.FromResult<IReadOnlyList<Problem>>([]);
        }));
        await form.Find("input[name=Email]").ChangeAsync(new() { Value = "ann@lantern.test" });
        await form.Find("input[value=Viewer]").ChangeAsync(new() { Value = "Viewer" });

        await form.Find("form").SubmitAsync();

        Assert.Equal(("ann@lantern.test", MemberRole.Viewer), asked);
        Assert.Equal("ann@lantern.test is invited.", form.Find("[role=status]").TextContent);
        Assert.Equal("", form.Find("input[name=Email]").GetAttribute("value"));
    }

    [Fact]
    public void Nobody_invited_says_so()
    {
        var panel = Render<InvitationsPanel>(p => p.Add(i => i.Invitations, []));

        Assert.Contains("Nobody is invited", panel.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invitation_can_be_sent_again_and_withdrawn()
    {
        var invitation = new TeamInvitation(Guid.NewGuid(), "ann@lantern.test", MemberRole.Sender, "Lin Yue", Now, Now.AddDays(7));
        var told = new List<string>();
        var panel = Render<InvitationsPanel>(p => p.Add(i => i.Invitations, [invitation]).Add(i => i.OnResend, _ => told.Add("again")).Add(i => i.OnWithdraw, _ => told.Add("withdrawn")));

        for (var i = 0; i < 2; i++)
            await panel.FindAll("button")[i].ClickAsync(new());

        Assert.Equal(["again", "withdrawn"], told);
        Assert.Contains("Sender, invited by Lin Yue", panel.Markup, StringComparison.Ordinal);
    }
}
