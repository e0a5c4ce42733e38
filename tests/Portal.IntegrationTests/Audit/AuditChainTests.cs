using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Audit;
using Portal.Contacts;
using Portal.Data;
using Portal.Members;
using Portal.Tenants;

namespace Portal.IntegrationTests.Audit;

/// <summary>The links of an audit, and what somebody who owns the table could try.</summary>
public sealed class AuditChainTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task An_entry_says_who_when_and_from_where_whichever_role_writes_it()
    {
        var member = await portal.NewTenantAsync() with { From = new("203.0.113.7", "0a1b2c3d") };
        await portal.Services.GetRequiredService<CreateList>().RunAsync(member, new("Guests"), CancellationToken.None);
        await portal.Services.GetRequiredService<SuspendTenant>().RunAsync(
            new(member.UserId, "Olive") { From = new("198.51.100.9", "ffeeddcc") }, member.TenantId, "no invoice paid", CancellationToken.None);

        Assert.Equal(
            ["list_created|Owner|203.0.113.7|0a1b2c3d|false", "tenant_suspended|Olive|198.51.100.9|ffeeddcc|true"],
            await LinesAsync($"select concat_ws('|', action, actor_name, address, session, by_operator::text) from app.audit_entries where tenant_id = '{member.TenantId}' order by at"));
        Assert.Empty(await FaultsAsync(member));
    }

    [Fact]
    public async Task What_a_person_does_to_their_sign_in_goes_through_the_chain_of_each_tenant()
    {
        var (one, two) = (await portal.NewTenantAsync(), await portal.NewTenantAsync());
        await portal.Database.AdminAsync($"insert into ident.memberships (tenant_id, user_id, role, created_at) values ('{two.TenantId}', '{one.UserId}', 'viewer', now())");
        await portal.Database.AdminAsync($"insert into ident.second_factors (user_id, sealed_seed, last_step, created_at, confirmed_at) values ('{one.UserId}', '\\x00', 0, now(), now())");

        Assert.True(await portal.Services.GetRequiredService<ChangeFactors>().TurnOffAsync(one.UserId, new("192.0.2.1", "01020304"), CancellationToken.None));

        foreach (var tenant in (Member[])[one, two])
        {
            Assert.Equal(
                ["second_factor_removed|Owner|192.0.2.1|01020304"],
                await LinesAsync($"select concat_ws('|', action, actor_name, address, session) from app.audit_entries where tenant_id = '{tenant.TenantId}'"));
            Assert.Equal(1, (await VerifyAsync(tenant)).Entries);
            Assert.Empty(await FaultsAsync(tenant));
        }
    }

    [Fact]
    public async Task Many_at_once_make_one_chain_without_a_gap()
    {
        var (one, two) = (await portal.NewTenantAsync(), await portal.NewTenantAsync());
        var create = portal.Services.GetRequiredService<CreateList>();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => create.RunAsync(i % 2 == 0 ? one : two, new($"List {i}"), CancellationToken.None)));

        foreach (var tenant in (Member[])[one, two])
        {
            var verdict = await VerifyAsync(tenant);
            Assert.Equal(100, verdict.Entries);
            Assert.Empty(verdict.Faults);
        }
    }

    [Fact]
    public async Task What_is_rolled_back_leaves_no_link()
    {
        var member = await FilledAsync(2);
        await using (var connection = await portal.Databases.OpenAsync(DatabaseRole.App, member.Scope, CancellationToken.None))
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var insert = new NpgsqlCommand(InsertOf(member), connection);
            await insert.ExecuteNonQueryAsync();
            await transaction.RollbackAsync();
        }
        await portal.Services.GetRequiredService<CreateList>().RunAsync(member, new("After"), CancellationToken.None);

        Assert.Equal(3, (await VerifyAsync(member)).Entries);
        Assert.Empty(await FaultsAsync(member));
    }

    public static TheoryData<string, string> Tampering => new()
    {
        { "update app.audit_entries set details = '{Other}' where {3}", "3 changed" },
        { "update app.audit_entries set at = at - interval '1 microsecond' where {3}", "3 changed" },
        { "update app.audit_entries set actor_name = 'Somebody' where {1}", "1 changed" },
        { "update app.audit_entries set address = null where {5}", "5 changed" },
        { "update app.audit_entries set by_operator = true where {2}", "2 changed" },
        { "delete from app.audit_entries where {3}", "3 removed" },
        { "delete from app.audit_entries where {5}", "5 removed" },
        { "delete from app.audit_entries where {3}; delete from app.audit_links where tenant_id = '{t}' and no = 3", "4 gap" },
        { "delete from app.audit_entries where {5}; delete from app.audit_links where tenant_id = '{t}' and no = 5", "4 end" },
        { "delete from app.audit_entries where {1}; delete from app.audit_links where tenant_id = '{t}' and no = 1", "2 gap" },
        // reordered: two entries change places in the chain, or in time
        { "update app.audit_links l set entry_id = o.entry_id from app.audit_links o where l.tenant_id = '{t}' and o.tenant_id = '{t}' and (l.no, o.no) in ((2, 4))", "2 changed" },
        { "update app.audit_entries e set at = o.at from app.audit_entries o where e.{2} and o.{4}", "2 changed" },
        { "delete from app.audit_entries where tenant_id = '{t}'; delete from app.audit_links where tenant_id = '{t}'", " end" },
        { "alter table app.audit_entries disable trigger audit_chained; {insert}; alter table app.audit_entries enable trigger audit_chained", " unlinked" },
    };

    [Theory]
    [MemberData(nameof(Tampering))]
    public async Task The_tables_owner_cannot_change_remove_reorder_or_add_unseen(string sql, string found)
    {
        var member = await FilledAsync(5);
        Assert.Empty(await FaultsAsync(member));
        for (var i = 1; i <= 5; i++)
            sql = sql.Replace($"e.{{{i}}}", Is(member, i, "e."), StringComparison.Ordinal).Replace($"o.{{{i}}}", Is(member, i, "o."), StringComparison.Ordinal).Replace($"{{{i}}}", Is(member, i, ""), StringComparison.Ordinal);
        sql = sql.Replace("{t}", member.TenantId.ToString(), StringComparison.Ordinal).Replace("{insert}", InsertOf(member), StringComparison.Ordinal);
        await using (var owner = new NpgsqlConnection(portal.Database.Options.For(DatabaseRole.Migrator)))
        {
            await owner.OpenAsync();
            // The links' unique index is checked row by row.
            if (sql.Contains("l set entry_id", StringComparison.Ordinal))
                await ExecuteAsync(owner, "drop index app.ix_audit_links_tenant_id_entry_id");
            await ExecuteAsync(owner, sql);
        }

        Assert.Contains(found, (await FaultsAsync(member)).Select(f => $"{f.No} {f.Why}"));
        Assert.Empty(await FaultsAsync(await FilledAsync(2)));
    }

    [Theory]
    [InlineData(DatabaseRole.App)]
    [InlineData(DatabaseRole.Dispatch)]
    [InlineData(DatabaseRole.Applier)]
    [InlineData(DatabaseRole.Identity)]
    [InlineData(DatabaseRole.Operator)]
    public async Task No_role_of_the_portal_changes_an_entry_or_writes_a_link(DatabaseRole role)
    {
        var member = await FilledAsync(1);
        await using var connection = await portal.Databases.OpenAsync(role, member.Scope, CancellationToken.None);
        foreach (var sql in (string[])
            [
                "update app.audit_entries set action = 'x'", "delete from app.audit_entries", "truncate app.audit_entries", "delete from app.audit_links",
                $"insert into app.audit_links (tenant_id, no, entry_id, hash) values ('{member.TenantId}', 9, gen_random_uuid(), '\\x00')",
                "update app.audit_heads set entries = 0", "alter table app.audit_entries disable trigger all",
            ])
        {
            Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connection, sql))).SqlState);
        }
    }

    [Fact]
    public async Task An_operators_role_reads_what_operators_did_and_nothing_else_of_an_audit()
    {
        var member = await FilledAsync(3);
        await portal.Services.GetRequiredService<SuspendTenant>().RunAsync(new(member.UserId, "Olive"), member.TenantId, "late invoice", CancellationToken.None);

        var view = await portal.Services.GetRequiredService<OperatorAudit>().RunAsync(new(member.UserId, "Olive"), new(Who: member.UserId), 1, CancellationToken.None);

        Assert.Equal([AuditActions.TenantSuspended], view.Rows.Select(r => r.Action));
    }

    private async Task<Member> FilledAsync(int entries)
    {
        var member = await portal.NewTenantAsync() with { From = new("203.0.113.7", "0a1b2c3d") };
        for (var i = 1; i <= entries; i++)
            Assert.True((await portal.Services.GetRequiredService<CreateList>().RunAsync(member, new($"List {i}"), CancellationToken.None)).Ok);
        return member;
    }

    private static string InsertOf(Member member) =>
        $"insert into app.audit_entries (tenant_id, id, at, subject_id, action, details) values ('{member.TenantId}', gen_random_uuid(), now(), gen_random_uuid(), 'list_created', '{{}}')";

    private static string Is(Member member, int no, string table) =>
        $"{table}tenant_id = '{member.TenantId}' and {table}id = (select entry_id from app.audit_links where tenant_id = '{member.TenantId}' and no = {no})";

    private async Task<AuditVerdict> VerifyAsync(Member member)
    {
        var slug = await portal.Database.AdminScalarAsync<string>($"select slug from ident.tenants where id = '{member.TenantId}'");
        return Assert.Single((await portal.Services.GetRequiredService<VerifyAudit>().RunAsync(Operator.Console, slug, CancellationToken.None)).Value);
    }

    private async Task<IReadOnlyList<AuditFault>> FaultsAsync(Member member) => (await VerifyAsync(member)).Faults;

    private async Task<List<string>> LinesAsync(string sql)
    {
        await using var admin = await portal.Database.OpenAdminAsync();
        await using var command = new NpgsqlCommand(sql, admin);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return lines;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
