using Npgsql;

namespace Portal.IntegrationTests.Isolation;

/// <summary>Reads the catalogue and finds every table, view, function or right that breaks a rule of design section 4.</summary>
public sealed class CatalogueTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private const string Rules = """
        with tables as (
            select c.oid, c.relname, n.nspname, c.relispartition, c.relrowsecurity, c.relforcerowsecurity, c.relkind, c.relowner, c.reloptions
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname not like 'pg\_%' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p', 'v', 'm', 'f'))
        select 'table outside the known schemas: ' || nspname || '.' || relname from tables
        where nspname not in ('app', 'ident', 'infra', 'hangfire')
        union all
        select 'infra table without a reason: ' || relname from tables
        where nspname = 'infra' and relname not in ('leases', 'dispatch_state', 'receipt_inbox', 'receipt_spools', 'parked_receipts', 'receipt_minutes', 'receipt_sources', 'receipt_replays', 'apikey_index', 'system_keys', 'vault_openings', 'outgoing_addresses', 'countries', 'instances', 'migrations_app', 'migrations_ident')
        union all
        select 'row-level security is not forced: ' || relname from tables
        where nspname = 'app' and relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity)
        union all
        select 'no tenant policy: ' || relname from tables t
        where nspname = 'app' and relkind in ('r', 'p') and not relispartition
          and not exists (select from pg_policy p where p.polrelid = t.oid and p.polname = 'tenant'
                          and pg_get_expr(p.polqual, p.polrelid) like '%app.current_tenant()%' and pg_get_expr(p.polwithcheck, p.polrelid) like '%app.current_tenant()%')
        union all
        select 'policy for everybody: ' || p.polname || ' on ' || p.polrelid::regclass from pg_policy p where 0 = any (p.polroles)
        union all
        select 'a partition can be reached past its parent: ' || t.relname from tables t, aclexplode((select relacl from pg_class where oid = t.oid)) a
        where t.relispartition and a.grantee not in (t.relowner, 'portal_backup'::regrole)
        union all
        select 'a partition has a policy: ' || t.relname from tables t join pg_policy p on p.polrelid = t.oid where t.relispartition
        union all
        select 'tenant_id is missing or null: ' || relname from tables t
        where nspname = 'app' and relkind in ('r', 'p') and not exists (
            select from pg_attribute a where a.attrelid = t.oid and a.attname = 'tenant_id' and a.attnotnull and not a.attisdropped)
        union all
        select 'a key without tenant_id first: ' || i.indexrelid::regclass from pg_index i join tables t on t.oid = i.indrelid
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where t.nspname = 'app' and (i.indisunique or i.indisprimary) and a.attname <> 'tenant_id'
        union all
        select 'a foreign key without tenant_id first: ' || k.conname from pg_constraint k join tables t on t.oid = k.conrelid
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
        where t.nspname = 'app' and k.contype = 'f' and a.attname <> 'tenant_id'
        union all
        select 'a view in app: ' || relname from tables
        where nspname = 'app' and (relkind = 'm' or (relkind = 'v' and not coalesce(reloptions @> array['security_invoker=true'], false)))
        union all
        select 'a definer function outside the list: ' || p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where p.prosecdef and n.nspname not like 'pg\_%' and p.proname not in ('due_work', 'acquire_lease', 'renew_lease', 'release_lease', 'hold_lease',
              'others_send', 'tenant_is_active', 'due_campaigns', 'due_schedules', 'open_sendings', 'unfinished_sendings', 'waiting_canaries', 'resolve_apikeys', 'resolve_receipt_tokens', 'prove_apikey',
              'key_roots', 'tenants_with_older_keys', 'unusual_openings', 'audit_facts', 'audit_chain', 'verify_audit', 'erase_tenant',
              'expired_sendings', 'clear_sending', 'contact_keepers', 'clear_contacts')
        union all
        select 'a definer function that is not the router''s, or with an open search path: ' || p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where p.prosecdef and n.nspname in ('app', 'infra', 'ident') and (p.proowner <> 'portal_router'::regrole or p.proconfig is null or not p.proconfig::text like '%search_path=pg_catalog%')
        union all
        select 'a definer function that everybody may call: ' || p.oid::regprocedure from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        where p.prosecdef and p.pronamespace = 'infra'::regnamespace and a.grantee = 0
        union all
        select 'a role that sees past the wall: ' || rolname from pg_roles
        where rolname like 'portal\_%' and (rolsuper or rolcreaterole or rolcreatedb or (rolbypassrls and rolname not in ('portal_migrator', 'portal_backup', 'portal_router')))
        union all
        select 'a role that can create in a schema: ' || r.rolname || ' in ' || n.nspname from pg_roles r, pg_namespace n
        where r.rolname like 'portal\_%' and r.rolname <> 'portal_migrator' and n.nspname in ('app', 'ident', 'infra', 'hangfire', 'public') and has_schema_privilege(r.oid, n.oid, 'create')
        union all
        select 'a role that may truncate or refer: ' || r.rolname || ' ' || t.relname from pg_roles r, tables t
        where r.rolname like 'portal\_%' and r.rolname <> 'portal_migrator' and t.nspname in ('app', 'ident', 'infra')
          and (has_table_privilege(r.oid, t.oid, 'truncate') or has_table_privilege(r.oid, t.oid, 'references') or has_table_privilege(r.oid, t.oid, 'trigger'))
        union all
        select 'a secret that a page''s role can read: ' || c from unnest(array['app.account_secrets', 'app.tenant_keys', 'infra.system_keys', 'infra.apikey_index']) c
        where has_table_privilege('portal_app', c, 'select')
        union all
        select 'what an operator must not read: ' || v.t || '.' || v.c
        from (values ('infra.receipt_inbox', 'body'), ('infra.receipt_inbox', 'token'), ('infra.parked_receipts', 'sealed'), ('infra.parked_receipts', 'token'),
                     ('infra.parked_receipts', 'key_hash'), ('app.receipt_tokens', 'hash'), ('app.receipts', 'number'), ('app.messages', 'number'), ('app.accounts', 'label')) v (t, c)
        where has_column_privilege('portal_operator', v.t, v.c, 'select')
        union all
        select 'audit can be changed by ' || r.rolname from pg_roles r
        where r.rolname like 'portal\_%' and r.rolname <> 'portal_migrator'
          and (has_table_privilege(r.oid, 'app.audit_entries', 'update') or r.rolname <> 'portal_router' and has_table_privilege(r.oid, 'app.audit_entries', 'delete'))
        """;

    public static TheoryData<string, string> Faults => new()
    {
        { "create table public.stray (id int)", "outside the known schemas" },
        { "create table infra.stray (id int)", "without a reason" },
        { "create table app.stray (tenant_id uuid not null, id int, primary key (tenant_id, id))", "not forced" },
        { "alter table app.contacts no force row level security", "not forced" },
        { "drop policy tenant on app.contacts", "no tenant policy" },
        { "create policy open on app.contacts using (true)", "policy for everybody" },
        { "grant select on app.messages_other to portal_app", "past its parent" },
        { "create unique index stray on app.contacts (number)", "tenant_id first" },
        { "create view app.stray as select * from app.contacts", "a view in app" },
        { "create function infra.stray() returns int language sql security definer as 'select 1'", "outside the list" },
        { "alter function infra.due_work() owner to postgres", "not the router" },
        { "grant create on schema app to portal_app", "can create in a schema" },
        { "grant truncate on app.contacts to portal_app", "may truncate" },
        { "grant select on app.account_secrets to portal_app", "can read" },
        { "grant select on infra.parked_receipts to portal_operator", "an operator must not read" },
        { "grant update on app.audit_entries to portal_dispatch", "audit can be changed" },
    };

    [Fact]
    public async Task The_catalogue_keeps_every_rule()
    {
        await using var admin = await portal.Database.OpenAdminAsync();
        Assert.Empty(await BrokenAsync(admin));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_broken_rule_is_found(string fault, string finding)
    {
        await using var admin = await portal.Database.OpenAdminAsync();
        await using var transaction = await admin.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand(fault, admin))
            await command.ExecuteNonQueryAsync();
        Assert.Contains(await BrokenAsync(admin), f => f.Contains(finding, StringComparison.Ordinal));
        await transaction.RollbackAsync();
    }

    private static async Task<IReadOnlyList<string>> BrokenAsync(NpgsqlConnection admin)
    {
        var findings = new List<string>();
        await using var command = new NpgsqlCommand(Rules, admin);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            findings.Add(reader.GetString(0));
        return findings;
    }
}
