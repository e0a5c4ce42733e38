using System.Net;
using MimeKit;
using Portal.Data;
using Portal.Members;
using Portal.Tenants;

namespace Portal.IntegrationTests.Members;

[Collection(WholePortal.Name)]
public sealed class InvitationTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    private readonly string _email = $"i{Guid.NewGuid():N}@example.test";

    [Fact]
    public async Task A_new_person_opens_the_link_chooses_a_password_and_is_in()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var browser = portal.NewBrowser();
        var letter = await InviteAsync(team);

        var page = await OpenAsync(browser, MailCatcher.CodeOf(letter));
        Assert.Contains(team.Tenant.OwnerEmail, page, StringComparison.Ordinal);
        var answer = await AcceptAsync(browser, letter, "a password of my own");

        Assert.EndsWith($"/t/{team.Tenant.Slug}", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/t/{team.Tenant.Slug}/team")).StatusCode);
        Assert.Equal("Ann|sender", await team.AuditAsync("member_joined"));
    }

    [Fact]
    public async Task A_code_works_once_also_for_many_at_the_same_moment()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var code = MailCatcher.CodeOf(await InviteAsync(team));

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            team.UseAsync<AcceptInvitation, Result<Joined>>(a => a.RunAsync(new(code, "Ann", "a password of my own"), Origin.Console, CancellationToken.None))));

        Assert.Single(results, r => r.Ok);
        Assert.Equal(1L, await portal.Database.AdminScalarAsync<long>($"select count(*) from ident.users where email = '{_email}'"));
    }

    [Fact]
    public async Task A_known_person_signs_in_and_joins_with_the_password_they_have()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (id, email) = await portal.NewUserAsync();
        var letter = await InviteAsync(team, email);
        var browser = portal.NewBrowser();
        Assert.Contains("Sign in, then join", await OpenAsync(browser, MailCatcher.CodeOf(letter)), StringComparison.Ordinal);

        await browser.SignInAsync(email, RunningPortal.Password);
        var start = await (await browser.GetAsync("/")).Content.ReadAsStringAsync();
        var handler = System.Text.RegularExpressions.Regex.Match(start, "join-[0-9a-f]{32}").Value;
        var answer = await browser.SubmitAsync("/", handler);

        Assert.EndsWith($"/t/{team.Tenant.Slug}", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal("sender", await team.RoleAsync(id));
    }

    [Fact]
    public async Task Nobody_joins_by_an_invitation_of_somebody_else()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var invitation = (await team.InviteAsync(team.Owner, _email)).Value;
        var (other, _) = await portal.NewUserAsync();

        var result = await team.UseAsync<AcceptInvitation, Result<Joined>>(a => a.JoinAsync(other, invitation, Origin.Console, CancellationToken.None));

        Assert.Equal("invitation_gone", result.Problems[0].Code);
    }

    [Fact]
    public async Task Withdrawn_resent_and_expired_ones_stop_working()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var first = MailCatcher.CodeOf(await InviteAsync(team));
        var id = await portal.Database.AdminScalarAsync<Guid>($"select id from ident.invitations where email = '{_email}'");
        Assert.Equal("resent_lately", (await ResendAsync(team, id)).Problems[0].Code);

        await portal.Database.AdminAsync($"update ident.invitations set asked_at = asked_at - interval '2 minutes' where id = '{id}'");
        Assert.True((await ResendAsync(team, id)).Ok);
        var second = MailCatcher.CodeOf(await portal.Mail.WaitAsync(_email, 2));
        Assert.Null(await FindAsync(team, first));
        Assert.NotNull(await FindAsync(team, second));

        await portal.Database.AdminAsync($"update ident.invitations set expires_at = now() where id = '{id}'");
        Assert.Null(await FindAsync(team, second));
        await portal.Database.AdminAsync($"update ident.invitations set expires_at = now() + interval '1 day' where id = '{id}'");
        Assert.True((await team.UseAsync<WithdrawInvitation, Result<Guid>>(w => w.RunAsync(team.Owner, id, CancellationToken.None))).Ok);
        Assert.Null(await FindAsync(team, second));
        Assert.Equal($"Owner|{_email}", await team.AuditAsync("invitation_withdrawn"));
    }

    [Fact]
    public async Task Inviting_twice_and_inviting_a_member_are_said_at_the_field()
    {
        var team = await new TeamRig(portal).BeginAsync();
        await team.InviteAsync(team.Owner, _email);

        Assert.Equal(("Email", "invited_already"), Problem(await team.InviteAsync(team.Owner, _email.ToUpperInvariant())));
        Assert.Equal(("Email", "member_already"), Problem(await team.InviteAsync(team.Owner, team.Tenant.OwnerEmail)));
        Assert.Equal(("Email", "email_invalid"), Problem(await team.InviteAsync(team.Owner, "nobody")));
    }

    [Fact]
    public async Task A_weak_password_is_refused_and_the_code_still_works()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (browser, letter) = (portal.NewBrowser(), await InviteAsync(team));

        var refused = await AcceptAsync(browser, letter, "qwerty123456");

        Assert.Contains("tried first", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await AcceptAsync(browser, letter, "a password of my own")).StatusCode);
    }

    [Fact]
    public async Task The_letter_speaks_the_inviters_language_and_only_the_letter_has_the_code()
    {
        var team = await new TeamRig(portal).BeginAsync();
        await team.UseAsync<InviteMember, Result<Guid>>(i => i.RunAsync(team.Owner, new(_email, MemberRole.Viewer, "zh-Hans"), CancellationToken.None));

        var letter = await portal.Mail.WaitAsync(_email);

        Assert.Contains("邀请您加入", letter.Subject, StringComparison.Ordinal);
        Assert.Contains("http://localhost:5080/account/invitation#", letter.TextBody, StringComparison.Ordinal);
        var code = MailCatcher.CodeOf(letter);
        Assert.Equal(43, code.Length);
        Assert.Equal(0L, await portal.Database.AdminScalarAsync<long>($"select count(*) from ident.invitations i where i::text like '%{code}%'"));
    }

    private static (string, string) Problem<T>(Result<T> result) => (result.Problems[0].Field, result.Problems[0].Code);

    private async Task<MimeMessage> InviteAsync(TeamRig team, string? email = null)
    {
        Assert.True((await team.InviteAsync(team.Owner, email ?? _email)).Ok);
        return await portal.Mail.WaitAsync(email ?? _email);
    }

    private static async Task<string> OpenAsync(Browser browser, string code) =>
        await (await browser.SubmitAsync("/account/invitation", "invitation", ("Form.Code", code))).Content.ReadAsStringAsync();

    private static Task<HttpResponseMessage> AcceptAsync(Browser browser, MimeMessage letter, string password) => browser.SubmitAsync(
        "/account/invitation", "invitation", ("Form.Code", MailCatcher.CodeOf(letter)), ("Form.Name", "Ann"), ("Form.Password", password));

    private static Task<Result<Guid>> ResendAsync(TeamRig team, Guid id) =>
        team.UseAsync<ResendInvitation, Result<Guid>>(r => r.RunAsync(team.Owner, id, CancellationToken.None));

    private static Task<InvitationView?> FindAsync(TeamRig team, string code) =>
        team.UseAsync<OpenInvitations, InvitationView?>(o => o.ByCodeAsync(code, CancellationToken.None));
}
