using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Members;
using Portal.Tenants;

namespace Portal.IntegrationTests.Members;

/// <summary>A tenant, or the installation, that lets members in with two factors only.</summary>
[Collection(WholePortal.Name)]
public sealed class DemandedFactorTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Fact]
    public async Task Whoever_has_none_is_led_to_one_and_comes_in_with_it()
    {
        var team = await DemandedAsync();
        var path = $"/t/{team.Tenant.Slug}/team";
        var browser = await portal.SignedInAsync(team.Tenant.OwnerEmail);

        var led = (await browser.GetAsync(path)).Headers.Location!.OriginalString;
        Assert.Equal($"/account/security?why=tenant&returnUrl={Uri.EscapeDataString(path)}", led);
        var page = await (await browser.GetAsync(led)).Content.ReadAsStringAsync();
        Assert.Contains("asks for a second factor", page, StringComparison.Ordinal);
        Assert.Contains("/account/second-factor?returnUrl=" + Uri.EscapeDataString(path), WebUtility.HtmlDecode(page), StringComparison.Ordinal);

        await portal.EnrolAsync(browser, team.Tenant.OwnerEmail);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(path)).StatusCode);
        Assert.Contains("signed in with two factors", await (await browser.GetAsync(led)).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // Given up again, nothing opens.
        await browser.SubmitAsync("/account/security", "app-off");
        Assert.Equal(led, (await browser.GetAsync(path)).Headers.Location!.OriginalString);
    }

    /// <summary>Every address of a tenant, whoever asks: with the password alone nobody gets anything.</summary>
    [Fact]
    public async Task Neither_page_nor_upload_nor_download_is_given_to_a_session_with_one_factor()
    {
        var filled = await Shell.PortalRoutes.FillAsync(portal);
        var browser = await portal.SignedInAsync(filled.Team.Tenant.OwnerEmail);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/t/{filled.Slug}/team")).StatusCode);
        await portal.Database.AdminAsync($"update ident.tenants set demands_factor = true where slug = '{filled.Slug}'");

        var asked = 0;
        foreach (var route in Shell.PortalRoutes.Of(portal.Services).Where(r => r.IsTenants))
        {
            var path = route.Fill(filled.Slug, route.About is { } about ? filled.Ids[about] : filled.Team.Tenant.Id);
            foreach (var answer in (HttpResponseMessage[])[await browser.GetAsync(path), await browser.PostAsync(path, [])])
            {
                Assert.True(
                    answer.StatusCode == HttpStatusCode.Forbidden || (answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location!.OriginalString.StartsWith("/account/security?why=tenant", StringComparison.Ordinal))
                    || answer.StatusCode == HttpStatusCode.MethodNotAllowed,
                    $"{answer.RequestMessage!.Method} {path} answers {answer.StatusCode}");
                asked++;
            }
        }
        Assert.True(asked >= 40, $"only {asked} requests");
    }

    [Fact]
    public async Task An_invitation_is_no_way_around_it()
    {
        var team = await DemandedAsync();
        var email = $"i{Guid.NewGuid():N}@example.test";
        Assert.True((await team.InviteAsync(team.Owner, email)).Ok);
        var code = MailCatcher.CodeOf(await portal.Mail.WaitAsync(email));
        var browser = portal.NewBrowser();

        var joined = await browser.SubmitAsync("/account/invitation", "invitation", ("Form.Code", code), ("Form.Name", "Ann"), ("Form.Password", "a password of my own"));

        Assert.Equal(HttpStatusCode.Redirect, joined.StatusCode);
        Assert.StartsWith("/account/security?why=tenant", (await browser.GetAsync($"/t/{team.Tenant.Slug}/campaigns")).Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_an_owner_who_showed_who_they_are_decides_and_it_stands_in_the_audit()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (manager, _) = await team.AddAsync(MemberRole.Manager);
        await Assert.ThrowsAsync<NotAllowedException>(() => DemandAsync(team, manager, true));
        await Assert.ThrowsAsync<NotConfirmedException>(() => DemandAsync(team, team.Owner with { Confirmed = false }, true));
        Assert.False((await SeeAsync(team, manager)).DemandsFactor);

        var both = await Task.WhenAll(DemandAsync(team, team.Owner, true), DemandAsync(team, team.Owner, true));
        Assert.All(both, r => Assert.True(r.Ok));
        Assert.True((await SeeAsync(team, manager)).DemandsFactor);
        Assert.True((await DemandAsync(team, team.Owner, false)).Ok);

        Assert.False((await SeeAsync(team, manager)).DemandsFactor);
        // Asked for twice it changed once.
        Assert.Equal("Owner", await team.AuditAsync("second_factor_demanded"));
        Assert.Equal("Owner", await team.AuditAsync("second_factor_let_go"));
    }

    [Fact]
    public async Task Where_the_installation_demands_it_no_owner_lets_go_of_it()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (app, address) = await RunningPortal.StartAsync(portal.Database, "--Portal:SignIn:SecondFactorForAll=true");
        await using (app)
        {
            var browser = new Browser(address);
            await browser.SignInAsync(team.Tenant.OwnerEmail, RunningPortal.Password);
            Assert.StartsWith("/account/security?why=tenant", (await browser.GetAsync($"/t/{team.Tenant.Slug}")).Headers.Location!.OriginalString, StringComparison.Ordinal);

            await using var scope = app.Services.CreateAsyncScope();
            Assert.Equal("factor_for_all", Assert.Single((await scope.ServiceProvider.GetRequiredService<DemandSecondFactor>().RunAsync(team.Owner, false, CancellationToken.None)).Problems).Code);
            var view = await scope.ServiceProvider.GetRequiredService<Team>().RunAsync(team.Owner, CancellationToken.None);
            Assert.Equal((true, true), (view.DemandsFactor, view.FactorForAll));
        }
    }

    [Fact]
    public async Task Who_has_one_is_told_to_those_who_keep_the_team_and_to_nobody_else()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (sender, email) = await team.AddAsync(MemberRole.Sender);
        await portal.EnrolAsync(await portal.SignedInAsync(email), email);

        Assert.Equal([false, true], (await SeeAsync(team, team.Owner)).Members.Select(m => m.HasFactor!.Value));
        Assert.All((await SeeAsync(team, sender)).Members, m => Assert.Null(m.HasFactor));
    }

    /// <summary>The database lets the role behind members' pages change this of a tenant, and nothing else.</summary>
    [Fact]
    public async Task The_identity_role_changes_nothing_else_of_the_register()
    {
        await using var connection = await portal.Services.GetRequiredService<Databases>()[DatabaseRole.Identity].OpenConnectionAsync();
        foreach (var sql in (string[])["update ident.tenants set state = 'active'", "update ident.tenants set slug = 'x'", "delete from ident.tenants", "insert into ident.tenants (id, slug, name, state, created_at) values (gen_random_uuid(), 'xx', 'x', 'active', now())"])
        {
            await using var command = new Npgsql.NpgsqlCommand(sql, connection);
            Assert.Equal("42501", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
        }
    }

    private async Task<TeamRig> DemandedAsync()
    {
        var team = await new TeamRig(portal).BeginAsync();
        Assert.True((await DemandAsync(team, team.Owner, true)).Ok);
        return team;
    }

    private static Task<Result<Guid>> DemandAsync(TeamRig team, Member by, bool demand) =>
        team.UseAsync<DemandSecondFactor, Result<Guid>>(d => d.RunAsync(by, demand, CancellationToken.None));

    private static Task<TeamView> SeeAsync(TeamRig team, Member member) => team.UseAsync<Team, TeamView>(t => t.RunAsync(member, CancellationToken.None));
}
