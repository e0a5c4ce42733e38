using Npgsql;
using Portal.Data;

namespace Portal.IntegrationTests.Isolation;

/// <summary>What the operators' role can read: metadata and totals. Asked column by column, so that a new column is closed until somebody opens it here.</summary>
public sealed class OperatorWallTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    // Tables whose every column may be read; and single columns of others.
    private static readonly string[] _tables =
    [
        "app.audit_entries", "app.limits", "app.operator_bounds", "app.provider_hosts", "app.receipt_pulses", "app.sending_counts", "app.tenant_settings", "app.trials", "app.usage",
        "ident.actings", "ident.memberships", "ident.tenants", "infra.instances", "infra.migrations_app", "infra.migrations_ident", "infra.outgoing_addresses",
        "infra.receipt_minutes", "infra.receipt_replays", "infra.receipt_sources",
    ];

    private static readonly string[] _columns =
    [
        "app.accounts.base_address", "app.accounts.id", "app.accounts.tenant_id",
        "ident.users.display_name", "ident.users.email", "ident.users.id", "ident.users.is_operator",
        "infra.apikey_index.tenant_id",
        "infra.dispatch_state.held_at", "infra.dispatch_state.held_why", "infra.dispatch_state.released_at", "infra.dispatch_state.released_by",
        "infra.dispatch_state.reserved_to", "infra.dispatch_state.trouble", "infra.dispatch_state.trouble_at", "infra.dispatch_state.trouble_by",
        "infra.parked_receipts.account_id", "infra.parked_receipts.id", "infra.parked_receipts.key_last4", "infra.parked_receipts.next_at", "infra.parked_receipts.reason", "infra.parked_receipts.received_at", "infra.parked_receipts.source", "infra.parked_receipts.tenant_id", "infra.parked_receipts.tries",
        "infra.receipt_inbox.id", "infra.receipt_inbox.received_at",
        "infra.system_keys.purpose", "infra.system_keys.root_key_id", "infra.system_keys.version",
    ];

    [Fact]
    public async Task An_operators_role_reads_the_listed_columns_and_no_other()
    {
        await using var admin = await portal.Database.OpenAdminAsync();
        await using var command = new NpgsqlCommand("""
            select n.nspname || '.' || c.relname, a.attname, has_table_privilege('portal_operator', c.oid, 'select')
            from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
            where n.nspname in ('app', 'ident', 'infra', 'hangfire') and c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped
              and has_column_privilege('portal_operator', c.oid, a.attnum, 'select')
            order by 1, 2
            """, admin);
        await using var reader = await command.ExecuteReaderAsync();
        var (tables, columns) = (new SortedSet<string>(StringComparer.Ordinal), new SortedSet<string>(StringComparer.Ordinal));
        while (await reader.ReadAsync())
        {
            if (reader.GetBoolean(2))
                tables.Add(reader.GetString(0));
            else
                columns.Add(reader.GetString(0) + "." + reader.GetString(1));
        }

        Assert.Equal(_tables.Order(StringComparer.Ordinal), tables);
        Assert.Equal(_columns.Order(StringComparer.Ordinal), columns);
    }

    [Theory]
    // texts
    [InlineData("app.campaigns", "text")]
    [InlineData("app.schedules", "text")]
    [InlineData("app.sendings", "text")]
    [InlineData("app.sending_texts", "text")]
    // numbers and what is known of people
    [InlineData("app.messages", "number")]
    [InlineData("app.receipts", "number")]
    [InlineData("app.batches", "numbers")]
    [InlineData("app.sendings", "number")]
    [InlineData("app.contacts", "number")]
    [InlineData("app.contacts", "fields")]
    [InlineData("app.list_members", "number")]
    [InlineData("app.suppressions", "number")]
    [InlineData("app.own_numbers", "number")]
    [InlineData("app.skips", "number")]
    [InlineData("app.stray_receipts", "tenant_id")]
    [InlineData("app.imports", "content")]
    [InlineData("app.import_problems", "value")]
    [InlineData("infra.receipt_inbox", "body")]
    [InlineData("infra.parked_receipts", "sealed")]
    // secrets
    [InlineData("app.account_secrets", "tenant_id")]
    [InlineData("app.account_keys", "tenant_id")]
    [InlineData("app.tenant_keys", "wrapped")]
    [InlineData("infra.system_keys", "wrapped")]
    [InlineData("infra.apikey_index", "hash")]
    [InlineData("ident.users", "password_hash")]
    [InlineData("ident.sessions", "ticket")]
    [InlineData("ident.second_factors", "sealed_seed")]
    [InlineData("ident.recovery_codes", "hash")]
    [InlineData("ident.data_protection_keys", "xml")]
    [InlineData("hangfire.job", "arguments")]
    public async Task No_text_no_number_no_secret_can_be_read(string table, string column)
    {
        await using var connection = await portal.Databases[DatabaseRole.Operator].OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"select {column} from {table}", connection);

        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteScalarAsync())).SqlState);
    }
}
