using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Campaigns;
using Portal.Data;
using Portal.Members;
using Portal.Tenants;

namespace Portal.IntegrationTests.Members;

/// <summary>An operator who acts for a tenant: how long, seen by whom, and what it opens.</summary>
[Collection(WholePortal.Name)]
public sealed class ActingTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    // Everything that does not read is refused. Whoever adds a query here says with it that operators may see its answer.
    private static readonly string[] _readable =
    [
        "AccountList.RunAsync", "AccountPage.RunAsync", "AccountReceipts.RunAsync", "AccountTraffic.RunAsync", "AllowedHosts.ListAsync", "CampaignList.RunAsync", "CampaignPage.RunAsync", "CampaignPeople.RunAsync", "ContactCounts.RunAsync",
        "DoubtList.RunAsync", "FieldsOf.RunAsync", "ImportStatus.RunAsync", "ListPage.RunAsync", "Lists.RunAsync", "MissedCampaigns.RunAsync",
        "OpenImports.RunAsync", "OwnAddresses.RunAsync", "OwnNumbers.RunAsync", "QuietRules.RunAsync", "ScheduleApprovals.RunAsync", "ScheduleList.RunAsync", "SchedulePage.RunAsync",
        "SendingRules.RunAsync", "SubjectExists.RunAsync", "SuppressionsPage.RunAsync", "Team.RunAsync", "TenantHome.RunAsync", "TenantLimits.RunAsync", "TestUnderWay.RunAsync",
    ];

    [Fact]
    public async Task With_a_reason_the_operators_session_opens_the_tenant_for_an_hour_and_the_tenant_reads_it()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (by, session, browser) = await OperatorAsync();
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(browser, team));

        Assert.Equal("acting_reason_missing", Assert.Single((await BeginAsync(by, session, team, "  ")).Problems).Code);
        Assert.Equal(team.Tenant.Slug, (await BeginAsync(by, session, team, "ticket 4711")).Value);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser, team));
        Assert.StartsWith("ticket 4711|", await team.AuditAsync("acting_started"), StringComparison.Ordinal);
        var acting = await ActingAsync(by, session, team);
        Assert.InRange((acting!.Acting!.EndsAt - TimeProvider.System.GetUtcNow()).TotalMinutes, 55, 60);
        Assert.True(acting.Member is { Acting: true, Role: MemberRole.Viewer });
        // Another browser of the same person is not let in.
        byte[] other = [.. session.Select(b => (byte)~b)];
        await portal.Database.AdminAsync($"""
            insert into ident.sessions (id, user_id, ticket, created_at, expires_at, last_used_at, confirmed_at, strong, device, network)
            select '\x{Convert.ToHexString(other)}', user_id, ticket, created_at, expires_at, last_used_at, confirmed_at, strong, device, network
            from ident.sessions where id = '\x{Convert.ToHexString(session)}'
            """);
        Assert.Null(await ActingAsync(by, other, team));
        Assert.NotNull(await ActingAsync(by, session, team));
    }

    [Fact]
    public async Task However_often_it_is_pressed_at_once_it_begins_and_ends_once()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (by, session, _) = await OperatorAsync();
        var act = portal.Services.GetRequiredService<ActFor>();

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => BeginAsync(by, session, team, "ticket"))), r => Assert.Equal(team.Tenant.Slug, r.Value));
        Assert.Equal(1L, await portal.Database.AdminScalarAsync<long>($"select count(*) from ident.actings where user_id = '{by.UserId}'"));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => act.EndAsync(by, session, CancellationToken.None)));

        Assert.Null(await ActingAsync(by, session, team));
        // One that begins anew ends the one before: as many of the one as of the other.
        foreach (var action in (string[])["acting_started", "acting_ended"])
            Assert.Equal(await CountAsync(team, "acting_started"), await CountAsync(team, action));
    }

    [Fact]
    public async Task It_ends_with_the_hour_the_button_the_session_and_the_right()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (by, session, browser) = await OperatorAsync();

        await BeginAsync(by, session, team, "one");
        await portal.Database.AdminAsync("update ident.actings set started_at = started_at - interval '61 minutes', ends_at = ends_at - interval '61 minutes'");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(browser, team));

        await BeginAsync(by, session, team, "two");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser, team));
        var token = await browser.TokenAsync("/account/security");
        Assert.Equal($"/operator/tenants/{team.Tenant.Id}", (await browser.PostAsync("/operator/acting/end", new() { ["__RequestVerificationToken"] = token })).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(browser, team));
        Assert.NotNull(await team.AuditAsync("acting_ended"));

        await BeginAsync(by, session, team, "three");
        await portal.Database.AdminAsync($"update ident.users set is_operator = false where id = '{by.UserId}'");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(browser, team));
        await portal.Database.AdminAsync($"update ident.users set is_operator = true where id = '{by.UserId}'");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser, team));

        await browser.PostAsync("/account/sign-out", new() { ["__RequestVerificationToken"] = await browser.TokenAsync("/account/security") });
        Assert.Equal(0L, await portal.Database.AdminScalarAsync<long>($"select count(*) from ident.actings where user_id = '{by.UserId}'"));
        Assert.Null(await ActingAsync(by, session, team));
    }

    [Fact]
    public async Task Nobody_but_an_operator_with_two_factors_acts_and_a_suspended_tenant_stays_closed()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (by, session, browser) = await OperatorAsync();
        await BeginAsync(by, session, team, "one");
        await portal.Database.AdminAsync($"update ident.sessions set strong = false where user_id = '{by.UserId}'");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(browser, team));
        await portal.Database.AdminAsync($"update ident.sessions set strong = true where user_id = '{by.UserId}'");

        await portal.Services.GetRequiredService<SuspendTenant>().RunAsync(by, team.Tenant.Id, "late", CancellationToken.None);

        Assert.Equal("tenant_suspended", Assert.Single((await BeginAsync(by, session, team, "two")).Problems).Code);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(browser, team));
    }

    [Fact]
    public async Task Every_use_case_refuses_an_acting_operator_but_the_listed_ones_which_only_read()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (by, session, _) = await OperatorAsync();
        await BeginAsync(by, session, team, "looking");
        var member = (await ActingAsync(by, session, team))!.Member with { Confirmed = true };
        var before = await StateAsync(team);
        await using var scope = portal.Services.CreateAsyncScope();
        var open = new List<string>();
        var tried = 0;
        foreach (var method in UseCases())
        {
            tried++;
            if (await IsOpenAsync(scope.ServiceProvider.GetRequiredService(method.DeclaringType!), method, member))
                open.Add($"{method.DeclaringType!.Name}.{method.Name}");
        }

        Assert.True(tried > 60, $"Only {tried} use cases were found.");
        Assert.Equal(_readable, open.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(before, await StateAsync(team));
    }

    [Fact]
    public async Task An_acting_operator_reads_no_text()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var campaign = Guid.CreateVersion7();
        await using (var db = new PortalDbFactory(portal.Services.GetRequiredService<Databases>()).Create(team.Owner.Scope))
        {
            var now = TimeProvider.System.GetUtcNow();
            db.Add(new Campaign { TenantId = team.Tenant.Id, Id = campaign, Name = "Spring", Text = "Marked text", ListIds = [], TimeZone = "Asia/Shanghai", CreatedBy = team.Owner.UserId, CreatedByName = "Owner", CreatedAt = now, ChangedAt = now });
            await db.SaveChangesAsync();
        }
        var page = portal.Services.GetRequiredService<CampaignPage>();

        Assert.Equal("Marked text", (await page.RunAsync(team.Owner, campaign, CancellationToken.None))!.Text);
        var seen = await page.RunAsync(team.Owner with { Acting = true }, campaign, CancellationToken.None);
        Assert.Equal(("", true), (seen!.Text, seen.TextHidden));
    }

    [Fact]
    public async Task Whatever_a_use_case_forgot_the_database_writes_nothing_for_an_acting_operator()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var acting = team.Owner with { Acting = true };
        foreach (var role in (DatabaseRole[])[DatabaseRole.App, DatabaseRole.Identity])
        {
            await using var connection = await portal.Services.GetRequiredService<Databases>().OpenAsync(role, acting.Scope, CancellationToken.None);
            await using var command = new NpgsqlCommand(
                $"insert into app.audit_entries (tenant_id, id, at, subject_id, action, details) values ('{team.Tenant.Id}', gen_random_uuid(), now(), gen_random_uuid(), 'x', '{{}}')", connection);
            Assert.Equal("25006", (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
        }
        // The next borrower of the pooled connection writes as before.
        Assert.True((await team.InviteAsync(team.Owner, $"n{Guid.NewGuid():N}@example.test")).Ok);
    }

    [Fact]
    public void The_role_and_a_fresh_confirmation_are_refused_whatever_the_members_row_says()
    {
        var acting = new Member(Guid.NewGuid(), Guid.NewGuid(), "Olive", MemberRole.Owner) { Acting = true, Confirmed = true };
        acting.Demand(MemberRole.Viewer);
        foreach (var role in (MemberRole[])[MemberRole.Sender, MemberRole.Manager, MemberRole.Owner])
            Assert.Throws<NotAllowedException>(() => acting.Demand(role));
        Assert.Throws<NotAllowedException>(() => acting.DemandConfirmed(MemberRole.Viewer));
    }

    private static IEnumerable<MethodInfo> UseCases() =>
        from type in typeof(Member).Assembly.GetTypes()
        where type is { IsClass: true, IsAbstract: false, IsPublic: true }
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where method.GetParameters().FirstOrDefault()?.ParameterType == typeof(Member) && typeof(Task).IsAssignableFrom(method.ReturnType)
        orderby type.Name
        select method;

    // The role is demanded before anything else: what comes after it may fail on the empty input.
    private static async Task<bool> IsOpenAsync(object useCase, MethodInfo method, Member member)
    {
        try
        {
            await (Task)method.Invoke(useCase, [.. method.GetParameters().Select(p => p.ParameterType == typeof(Member) ? member : Empty(p.ParameterType))])!;
            return true;
        }
        catch (TargetInvocationException e)
        {
            return e.InnerException is not NotAllowedException;
        }
        catch (Exception e)
        {
            return e is not NotAllowedException;
        }
    }

    private static object? Empty(Type type) => type switch
    {
        _ when type == typeof(string) => "",
        { IsValueType: true } => Activator.CreateInstance(type),
        // An input without anything in it.
        { IsClass: true, IsAbstract: false } when type.Assembly == typeof(Member).Assembly => RuntimeHelpers.GetUninitializedObject(type),
        _ => null,
    };

    private async Task<(Operator By, byte[] Session, Browser Browser)> OperatorAsync()
    {
        var browser = await portal.OperatorAsync();
        // The cookie's value is sealed: the newest session is this browser's.
        var (id, user) = await NewestAsync();
        var email = await portal.Database.AdminScalarAsync<string>($"select email from ident.users where id = '{user}'");
        return (new(user, email), id, browser);
    }

    private async Task<(byte[] Id, Guid User)> NewestAsync() => (
        await portal.Database.AdminScalarAsync<byte[]>("select s.id from ident.sessions s join ident.users u on u.id = s.user_id where u.is_operator order by s.created_at desc limit 1"),
        await portal.Database.AdminScalarAsync<Guid>("select s.user_id from ident.sessions s join ident.users u on u.id = s.user_id where u.is_operator order by s.created_at desc limit 1"));

    private Task<long> CountAsync(TeamRig team, string action) =>
        portal.Database.AdminScalarAsync<long>($"select count(*) from app.audit_entries where tenant_id = '{team.Tenant.Id}' and action = '{action}'");

    private Task<Result<string>> BeginAsync(Operator by, byte[] session, TeamRig team, string reason) =>
        portal.Services.GetRequiredService<ActFor>().BeginAsync(by, session, team.Tenant.Id, reason, CancellationToken.None);

    private Task<TenantMembership?> ActingAsync(Operator by, byte[] session, TeamRig team) =>
        portal.Services.GetRequiredService<FindActing>()(team.Tenant.Slug, by.UserId, session, CancellationToken.None);

    private static async Task<HttpStatusCode> StatusAsync(Browser browser, TeamRig team) => (await browser.GetAsync($"/t/{team.Tenant.Slug}/campaigns")).StatusCode;

    /// <summary>Everything of the tenant that a use case could have changed, as one text.</summary>
    private async Task<string> StateAsync(TeamRig team)
    {
        await using var admin = await portal.Database.OpenAdminAsync();
        await using var command = new NpgsqlCommand("""
            select string_agg(format('select %L || count(*) || md5(coalesce(string_agg(x::text, '''' order by x::text), '''')) as s from app.%I x where tenant_id = %L', relname, relname, $1::text), ' union all ')
            from pg_class where relnamespace = 'app'::regnamespace and relkind in ('r', 'p') and not relispartition
            """, admin);
        command.Parameters.Add(new() { Value = team.Tenant.Id.ToString() });
        var union = (string)(await command.ExecuteScalarAsync())!;
        return await portal.Database.AdminScalarAsync<string>($"select string_agg(s, ' ' order by s) from ({union}) q")
            + await portal.Database.AdminScalarAsync<string>($"select coalesce(string_agg(m::text, ' ' order by m::text), '') from ident.memberships m where tenant_id = '{team.Tenant.Id}'");
    }
}
