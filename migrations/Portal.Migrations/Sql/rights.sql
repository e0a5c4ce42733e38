-- Who may do what. Says the whole truth at every apply: everything is taken away first, then given here.
do $$
declare
    login text;
    s     text;
begin
    foreach login in array array['public', 'portal_app', 'portal_dispatch', 'portal_inbox', 'portal_applier', 'portal_identity',
                                 'portal_operator', 'portal_hangfire', 'portal_backup', 'portal_router'] loop
        foreach s in array array['app', 'ident', 'infra', 'hangfire'] loop
            execute format('revoke all on all tables in schema %I from %s', s, login);
            execute format('revoke all on all sequences in schema %I from %s', s, login);
            execute format('revoke all on schema %I from %s', s, login);
        end loop;
    end loop;
end $$;

-- Schema app: every table is a tenant's. The wall, from the catalogue, so that a new table cannot be forgotten.
do $$
declare
    t record;
begin
    for t in select c.oid, c.relname from pg_class c
             where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition loop
        if not exists (select from pg_attribute where attrelid = t.oid and attname = 'tenant_id' and attnotnull and not attisdropped) then
            raise exception 'table app.% has no tenant_id', t.relname;
        end if;
        execute format('alter table app.%I enable row level security', t.relname);
        execute format('alter table app.%I force row level security', t.relname);
        execute format('drop policy if exists tenant on app.%I', t.relname);
        execute format('create policy tenant on app.%I to portal_app, portal_dispatch, portal_applier
                        using (tenant_id = (select app.current_tenant())) with check (tenant_id = (select app.current_tenant()))', t.relname);
    end loop;
end $$;

grant usage on schema app to portal_app, portal_dispatch, portal_applier, portal_operator, portal_router, portal_backup;
grant execute on function app.current_tenant() to public;

grant select on app.tenant_settings, app.accounts, app.account_keys, app.contacts, app.lists, app.list_members, app.suppressions,
    app.imports, app.import_problems, app.campaigns, app.sendings, app.sending_texts, app.sending_counts, app.batches, app.attempts,
    app.messages, app.skips, app.receipts, app.audit_entries, app.limits, app.usage, app.trials, app.own_numbers, app.quiet_hours, app.provider_hosts, app.operator_bounds to portal_app, portal_dispatch;

grant update on app.tenant_settings to portal_app;
grant insert on app.audit_entries to portal_app, portal_dispatch;
grant insert, update on app.accounts, app.account_keys to portal_app;
-- A pair can be put into the vault from a page, never taken out.
grant insert on app.account_secrets to portal_app;
grant insert, update, delete on app.contacts, app.lists, app.list_members, app.suppressions, app.imports, app.import_problems, app.campaigns to portal_app;
grant select, insert, update on app.schedules to portal_app;
grant insert, delete on app.contacts to portal_app;
-- Not the number: list_members carries it too.
grant update (fields) on app.contacts to portal_app;
grant insert, update, delete on app.lists, app.list_members, app.suppressions, app.imports, app.import_problems, app.campaigns to portal_app;
grant insert, update on app.sendings to portal_app;
grant update on app.batches, app.sending_counts to portal_app;
grant insert on app.sending_counts to portal_app;
grant insert, delete on app.own_numbers, app.quiet_hours to portal_app;
-- A member sets the tenant's own limits, never an operator's.
grant insert, update, delete on app.limits to portal_app;
drop policy if exists own_insert on app.limits;
create policy own_insert on app.limits as restrictive for insert to portal_app with check (set_by = 'tenant');
drop policy if exists own_update on app.limits;
create policy own_update on app.limits as restrictive for update to portal_app using (set_by = 'tenant') with check (set_by = 'tenant');
drop policy if exists own_delete on app.limits;
create policy own_delete on app.limits as restrictive for delete to portal_app using (set_by = 'tenant');

grant select on app.account_secrets, app.tenant_keys to portal_dispatch;
grant insert, delete on app.tenant_keys to portal_dispatch;
-- Another root key, another data key: wrapped and sealed anew in their places.
grant update (root_key_id, wrapped) on app.tenant_keys to portal_dispatch;
grant update (api_key, secret) on app.account_secrets to portal_dispatch;
-- A rewrap goes over the wrapped keys of all tenants, many to a statement. They open nothing without the root key, and this role
-- reads each of them anyway, as its tenant. Whoever works as a tenant sees that tenant's keys only, whatever else is set.
drop policy if exists rewrap_read on app.tenant_keys;
create policy rewrap_read on app.tenant_keys for select to portal_dispatch
    using (current_setting('app.rewrap', true) = 'on' and current_setting('app.tenant', true) = '00000000-0000-0000-0000-000000000000');
drop policy if exists rewrap_write on app.tenant_keys;
create policy rewrap_write on app.tenant_keys for update to portal_dispatch
    using (current_setting('app.rewrap', true) = 'on' and current_setting('app.tenant', true) = '00000000-0000-0000-0000-000000000000')
    with check (current_setting('app.rewrap', true) = 'on' and current_setting('app.tenant', true) = '00000000-0000-0000-0000-000000000000');
grant select, insert, update, delete on app.vault_openings to portal_dispatch;
grant update on app.accounts, app.account_keys, app.sendings to portal_dispatch;
grant insert on app.sending_texts, app.messages, app.skips to portal_dispatch;
grant insert, update on app.batches, app.attempts, app.sending_counts, app.usage to portal_dispatch;

grant execute on function app.begin_attempt(uuid, bigint, uuid, int, int, int, text, int, int, timestamptz, text, bigint, int),
    app.accept_attempt(uuid, int, int, text, int, text, int, int, int, int, int) to portal_dispatch;

grant select on app.accounts, app.sendings, app.batches, app.attempts, app.messages, app.receipts, app.sending_counts to portal_applier;
grant select on app.skips, app.stray_receipts, app.task_evidence to portal_applier;
grant insert on app.receipts, app.task_evidence, app.stray_receipts, app.audit_entries to portal_applier;
grant delete on app.stray_receipts to portal_applier;
grant update on app.sending_counts to portal_applier;
grant select, insert, update on app.receipt_pulses to portal_applier;
grant select on app.receipt_pulses to portal_app;
-- An address of an account's own is made and ended on a page; receipts only note that they came over it.
grant select, insert, update (ends_at) on app.receipt_tokens to portal_app;
grant select, update (last_at) on app.receipt_tokens to portal_applier;
-- A receipt settles its own message's part of a batch, and can only switch halving off.
grant update (settled, state, why, changed_at) on app.batches to portal_applier;
grant update (no_halving) on app.accounts to portal_applier;
grant select on app.task_evidence to portal_app, portal_dispatch;

-- The audit's links are the trigger's alone.
grant insert on app.audit_links to portal_router;
grant select, insert, update on app.audit_heads to portal_router;
grant select on app.audit_entries, app.audit_links to portal_router;
grant select (id, display_name, email) on ident.users to portal_router;
grant execute on function infra.verify_audit(uuid) to portal_operator;

-- Operators: metadata and totals, by policies that name what they see.
drop policy if exists operator on app.tenant_settings;
create policy operator on app.tenant_settings to portal_operator using (true) with check (true);
grant select, insert, update on app.tenant_settings to portal_operator;
drop policy if exists operator on app.audit_entries;
create policy operator on app.audit_entries for insert to portal_operator with check (true);
-- What they did themselves, and whether everything was exported; what else a tenant's people do is the tenant's to read.
drop policy if exists operator_read on app.audit_entries;
create policy operator_read on app.audit_entries for select to portal_operator using (by_operator or action = 'data_exported');
grant select, insert on app.audit_entries to portal_operator;
drop policy if exists operator on app.limits;
create policy operator on app.limits to portal_operator using (set_by = 'operator') with check (set_by = 'operator');
grant select, insert, update, delete on app.limits to portal_operator;
drop policy if exists operator on app.operator_bounds;
create policy operator on app.operator_bounds to portal_operator using (true) with check (true);
grant select, insert, update, delete on app.operator_bounds to portal_operator;
drop policy if exists operator on app.trials;
create policy operator on app.trials to portal_operator using (true) with check (true);
grant select, insert, delete on app.trials to portal_operator;
drop policy if exists operator on app.provider_hosts;
create policy operator on app.provider_hosts to portal_operator using (true) with check (true);
grant select, insert, delete on app.provider_hosts to portal_operator;
drop policy if exists operator on app.usage;
create policy operator on app.usage for select to portal_operator using (true);
grant select on app.usage to portal_operator;
drop policy if exists operator on app.sending_counts;
create policy operator on app.sending_counts for select to portal_operator using (true);
grant select on app.sending_counts to portal_operator;
drop policy if exists operator on app.receipt_pulses;
create policy operator on app.receipt_pulses for select to portal_operator using (true);
grant select on app.receipt_pulses to portal_operator;
-- Of accounts only at which host they are.
drop policy if exists operator on app.accounts;
create policy operator on app.accounts for select to portal_operator using (true);
grant select (tenant_id, id, base_address) on app.accounts to portal_operator;

-- Schema ident: read before a tenant is known.
grant usage on schema ident to portal_identity, portal_operator, portal_router, portal_backup;
grant select, insert, update, delete on all tables in schema ident to portal_identity;
revoke insert, update, delete on ident.tenants from portal_identity;
-- An owner says whether members need a second factor; all else of the register is the operators'.
grant update (demands_factor) on ident.tenants to portal_identity;
grant usage on all sequences in schema ident to portal_identity;
grant select, insert, update on ident.tenants to portal_operator;
grant select, insert, update on ident.memberships to portal_operator;
grant select (id, email, display_name, is_operator) on ident.users to portal_operator;

-- Who belongs to a tenant is changed in schema ident; that it was stands in the tenant's audit.
grant usage on schema app to portal_identity;
drop policy if exists identity on app.audit_entries;
create policy identity on app.audit_entries for insert to portal_identity with check (true);
grant insert on app.audit_entries to portal_identity;

-- Who acts for a tenant: written beside the tenant's audit.
grant select, insert, update, delete on ident.actings to portal_operator;

-- A tenant is deleted piece by piece, by infra.erase_tenant alone: nobody signs in as the router.
grant execute on function infra.erase_tenant(uuid, int) to portal_operator;
do $$
declare
    t regclass;
begin
    for t in select c.oid from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition loop
        execute format('grant select, delete on %s to portal_router', t);
    end loop;
end $$;
grant select, delete on infra.apikey_index, infra.leases, ident.letters, ident.invitations, ident.actings, ident.memberships, ident.tenants to portal_router;
grant delete, select (tenant_id) on infra.parked_receipts to portal_router;

-- What a tenant keeps no longer goes by these alone; they look at its settings themselves.
grant execute on function infra.expired_sendings(int), infra.clear_sending(uuid, uuid, boolean, int), infra.contact_keepers(),
    infra.clear_contacts(uuid, uuid, int) to portal_dispatch;
grant execute on function app.sending_over(app.sendings, int) to portal_router;
grant update (numbers) on app.batches to portal_router;
grant update (messages_cleared_at, receipts_cleared_at, number) on app.sendings to portal_router;

-- The operators' system page.
grant select, insert, update, delete on infra.instances to portal_app;
grant select on infra.instances, infra.migrations_app, infra.migrations_ident to portal_operator;
grant select (purpose, version, root_key_id) on infra.system_keys to portal_operator;
grant select (reserved_to, held_why, held_at, released_by, released_at, trouble, trouble_by, trouble_at) on infra.dispatch_state to portal_operator;

-- Schema infra.
grant usage on schema infra to portal_app, portal_dispatch, portal_inbox, portal_applier, portal_operator, portal_router, portal_backup;
grant insert on infra.receipt_inbox to portal_inbox;
grant select, insert, update, delete on infra.receipt_spools to portal_inbox;
grant select, delete on infra.receipt_inbox to portal_applier;
grant select, insert, update, delete on infra.parked_receipts to portal_applier;
-- Operators see that receipts are there, and not what they say.
grant select (id, received_at, source, reason, tenant_id, account_id, key_last4, tries, next_at) on infra.parked_receipts to portal_operator;
grant select (id, received_at) on infra.receipt_inbox to portal_operator;
grant select on infra.receipt_minutes, infra.receipt_sources to portal_operator;
grant select, insert, update (cancelled_at, cancelled_by, cancelled_by_name) on infra.receipt_replays to portal_operator;
grant select, insert, delete on infra.receipt_minutes to portal_applier;
grant select, insert, update, delete on infra.receipt_sources to portal_applier;
grant select, update (done_to, tried, matched, finished_at) on infra.receipt_replays to portal_applier;
grant select on sequence infra.receipt_inbox_id_seq to portal_applier;
grant select, insert, update (root_key_id, wrapped) on infra.system_keys to portal_dispatch;
grant select, insert, update, delete on infra.vault_openings to portal_dispatch;
grant select, insert, update, delete on infra.outgoing_addresses to portal_dispatch;
grant select on infra.outgoing_addresses to portal_app, portal_operator;
-- Receipts of a tenant whose keys are deleted find it no more.
grant select (tenant_id), delete on infra.apikey_index to portal_operator;
grant execute on function infra.key_roots(), infra.tenants_with_older_keys(), infra.unusual_openings(bigint) to portal_dispatch;
grant execute on function infra.unusual_openings(bigint) to portal_operator;
grant execute on function infra.due_work(), infra.acquire_lease(uuid, uuid, uuid, double precision),
    infra.renew_lease(uuid, uuid, bigint, double precision), infra.release_lease(uuid, uuid, bigint),
    infra.hold_lease(uuid, bigint), infra.others_send(uuid), infra.tenant_is_active(uuid), infra.due_campaigns(int), infra.due_schedules(int),
    infra.open_sendings(int), infra.waiting_canaries(int), infra.unfinished_sendings() to portal_dispatch;
grant select, update on infra.dispatch_state to portal_dispatch;
grant select (held_why, held_at, trouble, trouble_by, trouble_at) on infra.dispatch_state to portal_app;
grant select on infra.countries to portal_app, portal_dispatch;
grant execute on function app.local_day(uuid), app.limits_now(uuid, uuid), app.lock_limits(uuid, boolean), app.allowed_countries(uuid), app.allowed_codes(uuid), app.sure_codes(uuid),
    app.quiet_until(uuid, text, timestamptz), app.quiet_people(uuid, uuid, date, bigint[], int, timestamptz)
    to portal_app, portal_dispatch;
grant execute on function app.take_quota(uuid, uuid, int, int), app.give_quota_back(uuid, uuid, int, int) to portal_dispatch;
grant execute on function app.lock_limits(uuid, boolean) to portal_operator;
grant execute on function infra.prove_apikey(uuid, int, int, bytea, text) to portal_app, portal_dispatch;
grant execute on function infra.resolve_apikeys(bytea[]), infra.resolve_receipt_tokens(text[]) to portal_applier;

-- The router looks across tenants for the functions above.
grant select on app.accounts, app.account_keys, app.sendings, app.batches, app.campaigns, app.schedules, app.receipt_tokens to portal_router;
grant select on ident.tenants to portal_router;
-- Of a wrapped key only which root key it needs.
grant select (tenant_id, version, root_key_id, created_at) on app.tenant_keys to portal_router;
grant select (root_key_id) on infra.system_keys to portal_router;
grant select on app.vault_openings, infra.vault_openings to portal_router;
grant select, insert, update on infra.leases, infra.apikey_index to portal_router;
grant select (key_hash), update (next_at) on infra.parked_receipts to portal_router;

-- Hangfire keeps to its schema.
grant usage on schema hangfire to portal_hangfire, portal_backup;
grant select, insert, update, delete on all tables in schema hangfire to portal_hangfire;
grant usage, select, update on all sequences in schema hangfire to portal_hangfire;

-- Backups read everything but the sealed keys' store, which is another database.
grant select on all tables in schema app, ident, infra, hangfire to portal_backup;
grant select on all sequences in schema app, ident, infra, hangfire to portal_backup;
