using Npgsql;
using Portal.Data;

namespace Portal.IntegrationTests.Receipts;

/// <summary>What takes receipts in can do nothing else; what applies them can move what a receipt moves, and nothing else.</summary>
public sealed class RoleTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Theory]
    [InlineData(DatabaseRole.Inbox, "select body from infra.receipt_inbox")]
    [InlineData(DatabaseRole.Inbox, "update infra.receipt_inbox set body = ''")]
    [InlineData(DatabaseRole.Inbox, "delete from infra.receipt_inbox")]
    [InlineData(DatabaseRole.Inbox, "select id from infra.parked_receipts")]
    [InlineData(DatabaseRole.Inbox, "select infra.resolve_apikeys(array[]::bytea[])")]
    [InlineData(DatabaseRole.Inbox, "select number from app.receipts")]
    [InlineData(DatabaseRole.Inbox, "select id from app.accounts")]
    [InlineData(DatabaseRole.Applier, "insert into infra.receipt_inbox (body) values ('')")]
    [InlineData(DatabaseRole.Applier, "insert into app.messages default values")]
    [InlineData(DatabaseRole.Applier, "insert into app.batches default values")]
    [InlineData(DatabaseRole.Applier, "insert into app.attempts default values")]
    [InlineData(DatabaseRole.Applier, "update app.attempts set task_id = ''")]
    [InlineData(DatabaseRole.Applier, "update app.sendings set state = 'running'")]
    [InlineData(DatabaseRole.Applier, "update app.accounts set state = 'active'")]
    [InlineData(DatabaseRole.Applier, "insert into app.suppressions default values")]
    [InlineData(DatabaseRole.Applier, "select number from app.contacts")]
    [InlineData(DatabaseRole.Applier, "select * from app.account_keys")]
    public async Task A_role_can_not(DatabaseRole role, string sql)
    {
        await using var command = portal.Databases[role].CreateCommand(sql);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal("42501", refused.SqlState);
    }

    [Fact]
    public async Task Messages_and_receipts_are_written_once_and_receipts_have_no_index_but_their_key()
    {
        Assert.Equal(0L, await portal.Database.AdminScalarAsync<long>("""
            select count(*) from unnest(array['portal_app', 'portal_dispatch', 'portal_inbox', 'portal_applier', 'portal_operator', 'portal_router']) r,
                unnest(array['app.messages', 'app.receipts']) t where has_any_column_privilege(r, t, 'update')
            """));
        Assert.Equal("pk_receipts", await portal.Database.AdminScalarAsync<string>("select string_agg(indexname, ',') from pg_indexes where schemaname = 'app' and tablename = 'receipts'"));
    }
}
