using Npgsql;
using Portal.Data;
using Portal.Members;
using Portal.Tenants;

namespace Portal.IntegrationTests.Members;

[Collection(WholePortal.Name)]
public sealed class TeamTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Fact]
    public async Task Everybody_sees_the_members_and_managers_also_who_is_invited()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (viewer, _) = await team.AddAsync(MemberRole.Viewer);
        await team.InviteAsync(team.Owner, NewEmail());

        var (seen, all) = (await SeeAsync(team, viewer), await SeeAsync(team, team.Owner));

        Assert.Equal([MemberRole.Owner, MemberRole.Viewer], seen.Members.Select(m => m.Role));
        Assert.Empty(seen.Invitations);
        Assert.Single(all.Invitations);
    }

    [Fact]
    public async Task A_role_changes_and_the_audit_says_from_what_to_what()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (sender, email) = await team.AddAsync(MemberRole.Sender);

        Assert.True((await team.ChangeAsync(team.Owner, sender.UserId, MemberRole.Manager)).Ok);

        Assert.Equal("manager", await team.RoleAsync(sender.UserId));
        Assert.Equal($"Owner|{email}|sender|manager", await team.AuditAsync("member_role_changed"));
    }

    [Fact]
    public async Task Nobody_touches_or_gives_a_role_above_their_own()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (manager, _) = await team.AddAsync(MemberRole.Manager);
        var (sender, _) = await team.AddAsync(MemberRole.Sender);

        Assert.Equal("role_above", Code(await team.ChangeAsync(manager, team.Owner.UserId, MemberRole.Viewer)));
        Assert.Equal("role_above", Code(await team.ChangeAsync(manager, sender.UserId, MemberRole.Owner)));
        Assert.Equal("role_above", Code(await team.RemoveAsync(manager, team.Owner.UserId)));
        Assert.Equal("role_above", Code(await team.InviteAsync(manager, NewEmail(), MemberRole.Owner)));
        await Assert.ThrowsAsync<NotAllowedException>(() => team.ChangeAsync(sender, sender.UserId, MemberRole.Manager));
        await Assert.ThrowsAsync<NotAllowedException>(() => team.RemoveAsync(sender, manager.UserId));
        await Assert.ThrowsAsync<NotAllowedException>(() => team.InviteAsync(sender, NewEmail(), MemberRole.Viewer));
    }

    [Fact]
    public async Task The_last_owner_is_neither_demoted_nor_removed()
    {
        var team = await new TeamRig(portal).BeginAsync();

        Assert.Equal("last_owner", Code(await team.ChangeAsync(team.Owner, team.Owner.UserId, MemberRole.Manager)));
        Assert.Equal("last_owner", Code(await team.RemoveAsync(team.Owner, team.Owner.UserId)));
        Assert.Equal("owner", await team.RoleAsync(team.Owner.UserId));
        Assert.Null(await team.AuditAsync("member_removed"));

        await team.AddAsync(MemberRole.Owner);
        Assert.True((await team.RemoveAsync(team.Owner, team.Owner.UserId)).Ok);
    }

    [Fact]
    public async Task Two_owners_who_remove_each_other_at_the_same_moment_leave_one()
    {
        for (var round = 0; round < 10; round++)
        {
            var team = await new TeamRig(portal).BeginAsync();
            var (other, _) = await team.AddAsync(MemberRole.Owner);

            var results = await Task.WhenAll(team.RemoveAsync(team.Owner, other.UserId), team.ChangeAsync(other, team.Owner.UserId, MemberRole.Viewer));

            Assert.Single(results, r => r.Ok);
            Assert.Equal("last_owner", results.Single(r => !r.Ok).Problems[0].Code);
            Assert.Equal(1L, await portal.Database.AdminScalarAsync<long>($"select count(*) from ident.memberships where tenant_id = '{team.Tenant.Id}' and role = 'owner'"));
        }
    }

    [Fact]
    public async Task The_database_itself_refuses_a_tenant_without_an_owner()
    {
        var team = await new TeamRig(portal).BeginAsync();

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => portal.Database.AdminAsync($"update ident.memberships set role = 'viewer' where tenant_id = '{team.Tenant.Id}'"));

        Assert.Equal("last_owner", refusal.ConstraintName);
    }

    [Fact]
    public async Task A_tenant_that_goes_takes_its_owners_along()
    {
        var team = await new TeamRig(portal).BeginAsync();

        await portal.Database.AdminAsync($"delete from ident.memberships where tenant_id = '{team.Tenant.Id}'; delete from ident.tenants where id = '{team.Tenant.Id}'");

        Assert.Null(await team.RoleAsync(team.Owner.UserId));
    }

    [Fact]
    public async Task Whoever_may_no_longer_invite_has_invited_nobody()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (one, _) = await team.AddAsync(MemberRole.Manager);
        var (two, _) = await team.AddAsync(MemberRole.Manager);
        await team.InviteAsync(one, NewEmail());
        await team.InviteAsync(two, NewEmail());

        await team.ChangeAsync(team.Owner, one.UserId, MemberRole.Sender);
        await team.RemoveAsync(team.Owner, two.UserId);

        Assert.Empty((await SeeAsync(team, team.Owner)).Invitations);
    }

    [Fact]
    public async Task The_identity_role_tells_the_audit_and_cannot_read_it()
    {
        await using var command = portal.Services.GetService(typeof(Databases)) is Databases databases
            ? databases[DatabaseRole.Identity].CreateCommand("select * from app.audit_entries")
            : throw new InvalidOperationException("no databases");

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    private static string NewEmail() => $"i{Guid.NewGuid():N}@example.test";

    private static string Code<T>(Result<T> result) => result.Problems[0].Code;

    private static Task<TeamView> SeeAsync(TeamRig team, Member member) => team.UseAsync<Team, TeamView>(t => t.RunAsync(member, CancellationToken.None));
}
