using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Dispatch;
using Portal.Members;
using Portal.Tenants;

namespace Portal.IntegrationTests.Members;

[Collection(WholePortal.Name)]
public sealed class TenantsTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Fact]
    public async Task A_new_tenant_has_settings_a_key_an_owner_and_an_audit_entry()
    {
        var created = (await CreateAsync(new("Lantern Tea Co.", "", NewEmail(), "Europe/London", "GB"))).Value;

        Assert.Equal("lantern-tea-co", created.Slug);
        var owner = await portal.Database.AdminScalarAsync<Guid>($"select user_id from ident.memberships where tenant_id = '{created.Id}' and role = 'owner'");
        var membership = await portal.Services.GetRequiredService<FindMembership>()(created.Slug, owner, CancellationToken.None);
        Assert.Equal(("Europe/London", "GB", TenantState.Active), (membership!.TimeZone, membership.Country, membership.State));
        Assert.Equal(1L, await portal.Database.AdminScalarAsync<long>($"select count(*) from app.tenant_keys where tenant_id = '{created.Id}'"));
        Assert.Equal(1L, await portal.Database.AdminScalarAsync<long>($"select count(*) from app.audit_entries where tenant_id = '{created.Id}' and action = 'tenant_created'"));
    }

    [Fact]
    public async Task A_new_owner_signs_in_with_the_password_that_was_shown()
    {
        var created = (await CreateAsync(new("One", NewSlug(), NewEmail()))).Value;

        await using var scope = portal.Services.CreateAsyncScope();
        Assert.NotNull(await scope.ServiceProvider.GetRequiredService<CheckPassword>().RunAsync(created.OwnerEmail, created.GeneratedPassword!, "10.0.0.1", CancellationToken.None));
    }

    [Fact]
    public async Task Somebody_who_is_known_owns_a_second_tenant_with_the_password_they_have()
    {
        var email = NewEmail();
        await CreateAsync(new("First", NewSlug(), email));

        var second = (await CreateAsync(new("Second", NewSlug(), email.ToUpperInvariant()))).Value;

        Assert.Null(second.GeneratedPassword);
        var user = await portal.Database.AdminScalarAsync<Guid>($"select id from ident.users where email = '{email}'");
        Assert.Equal(["First", "Second"], (await portal.Services.GetRequiredService<MembershipsOf>().RunAsync(user, CancellationToken.None)).Select(m => m.Name));
    }

    [Fact]
    public async Task A_slug_is_taken_once_also_by_two_at_the_same_moment_and_leaves_nothing_behind()
    {
        var slug = NewSlug();
        var emails = Enumerable.Range(0, 4).Select(_ => NewEmail()).ToArray();

        var results = await Task.WhenAll(emails.Select(e => CreateAsync(new("Race", slug, e))));

        Assert.Single(results, r => r.Ok);
        Assert.All(results.Where(r => !r.Ok), r => Assert.Equal(("Slug", "slug_taken"), (r.Problems[0].Field, r.Problems[0].Code)));
        var list = string.Join(',', emails.Select(e => $"'{e}'"));
        Assert.Equal(1L, await portal.Database.AdminScalarAsync<long>($"select count(*) from ident.users where email in ({list})"));
    }

    [Theory]
    [InlineData("", "ok", "a@b.test", "UTC", "CN", "Name", "name_missing")]
    [InlineData("茶", "", "a@b.test", "UTC", "CN", "Slug", "slug_missing")]
    [InlineData("x", "-a-", "a@b.test", "UTC", "CN", "Slug", "slug_invalid")]
    [InlineData("x", "a b", "a@b.test", "UTC", "CN", "Slug", "slug_invalid")]
    [InlineData("x", "ok", "not an address", "UTC", "CN", "OwnerEmail", "email_invalid")]
    [InlineData("x", "ok", "a@b.test", "Mars/Base", "CN", "TimeZone", "zone_unknown")]
    [InlineData("x", "ok", "a@b.test", "UTC", "ZZZ", "Country", "country_unknown")]
    public async Task What_is_wrong_is_said_at_its_field(string name, string slug, string email, string zone, string country, string field, string code)
    {
        var problem = Assert.Single((await CreateAsync(new(name, slug, email, zone, country))).Problems);

        Assert.Equal((field, code), (problem.Field, problem.Code));
    }

    [Fact]
    public async Task Suspending_needs_a_reason_and_happens_once()
    {
        var tenant = (await CreateAsync(new("S", NewSlug(), NewEmail()))).Value.Id;
        var suspend = portal.Services.GetRequiredService<SuspendTenant>();

        Assert.Equal("reason_missing", Code(await suspend.RunAsync(Operator.Console, tenant, "  ", CancellationToken.None)));
        Assert.True((await suspend.RunAsync(Operator.Console, tenant, "spam", CancellationToken.None)).Ok);
        Assert.Equal("already_suspended", Code(await suspend.RunAsync(Operator.Console, tenant, "spam", CancellationToken.None)));
        Assert.Equal("spam", await portal.Database.AdminScalarAsync<string>($"select details[1] from app.audit_entries where tenant_id = '{tenant}' and action = 'tenant_suspended'"));
        Assert.Equal("tenant_unknown", Code(await suspend.RunAsync(Operator.Console, Guid.NewGuid(), "spam", CancellationToken.None)));
    }

    [Fact]
    public async Task The_list_counts_members_and_what_was_sent()
    {
        var tenant = (await CreateAsync(new("Counted", NewSlug(), NewEmail()))).Value.Id;
        await using (var db = portal.Services.GetRequiredService<PortalDbFactory>().Create(new(tenant)))
        {
            db.AddRange(
                new SendingCounts { TenantId = tenant, SendingId = Guid.NewGuid(), Accepted = 70, Refused = 5, InDoubt = 3, Delivered = 60 },
                new SendingCounts { TenantId = tenant, SendingId = Guid.NewGuid(), Accepted = 30 });
            await db.SaveChangesAsync();
        }

        var row = Assert.Single(await portal.Services.GetRequiredService<TenantList>().RunAsync(Operator.Console, CancellationToken.None), r => r.Id == tenant);

        Assert.Equal((1L, 100L), (row.Members, row.Sent));
    }

    [Fact]
    public async Task Usage_is_told_by_month_and_tenant_and_what_was_given_back_is_none()
    {
        var (one, two) = ((await CreateAsync(new("Usage A", NewSlug(), NewEmail()))).Value, (await CreateAsync(new("Usage B", NewSlug(), NewEmail()))).Value);
        var (first, second, unused) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await portal.Database.AdminAsync($"""
            insert into app.usage (tenant_id, day, account_id, slot, messages, segments) values
                ('{one.Id}', '2020-01-31', '{first}', 0, 1000, 1000), ('{one.Id}', '2020-02-01', '{first}', 0, 10, 20), ('{one.Id}', '2020-02-29', '{first}', 1, 5, 5),
                ('{one.Id}', '2020-02-29', '{second}', 0, 1, 2), ('{one.Id}', '2020-03-01', '{first}', 0, 7, 7), ('{one.Id}', '2020-04-01', '{first}', 0, 1000, 1000),
                ('{two.Id}', '2020-02-10', '{unused}', 0, 0, 0), ('{two.Id}', '2020-03-31', '{unused}', 0, 3, 6)
            """);

        var rows = await portal.Services.GetRequiredService<UsageList>().RunAsync(Operator.Console, new(2020, 2, 20), new(2020, 3, 1), CancellationToken.None);

        Assert.Equal(
            [
                new UsageRow(new(2020, 3, 1), one.Id, one.Slug, "Usage A", 7, 7, 1), new(new(2020, 3, 1), two.Id, two.Slug, "Usage B", 3, 6, 1),
                new(new(2020, 2, 1), one.Id, one.Slug, "Usage A", 16, 27, 2),
            ],
            rows);
    }

    [Fact]
    public async Task A_user_who_is_no_operator_is_none()
    {
        var created = (await CreateAsync(new("N", NewSlug(), NewEmail()))).Value;
        var owner = await portal.Database.AdminScalarAsync<Guid>($"select user_id from ident.memberships where tenant_id = '{created.Id}'");

        Assert.Null(await portal.Services.GetRequiredService<FindOperator>()(owner, CancellationToken.None));
    }

    [Fact]
    public async Task The_operators_role_reads_no_password_and_no_content()
    {
        var databases = portal.Services.GetRequiredService<Databases>();
        foreach (var sql in (string[])["select password_hash from ident.users", "select * from app.contacts", "select * from ident.sessions", "select * from app.account_secrets"])
        {
            await using var command = databases[DatabaseRole.Operator].CreateCommand(sql);
            var refusal = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal(Npgsql.PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
    }

    private static string Code<T>(Result<T> result) => result.Problems[0].Code;

    private static string NewEmail() => $"o{Guid.NewGuid():N}@example.test";

    private static string NewSlug() => "t" + Guid.NewGuid().ToString("N")[..12];

    private async Task<Result<CreatedTenant>> CreateAsync(CreateTenantInput input)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<CreateTenant>().RunAsync(Operator.Console, input, CancellationToken.None);
    }
}
