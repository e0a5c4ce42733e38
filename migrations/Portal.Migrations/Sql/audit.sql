-- The audit fills in who it was and from where, and links each entry to the one before it. Owned by the router: names lie where a
-- tenant's role cannot read them, and no role may write a link itself.
create function app.audit_facts() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    new.address := coalesce(new.address, nullif(left(current_setting('app.address', true), 64), ''));
    new.session := coalesce(new.session, nullif(left(current_setting('app.session', true), 16), ''));
    if new.actor_id is not null and new.actor_name is null then
        new.actor_name := (select coalesce(nullif(u.display_name, ''), u.email) from ident.users u where u.id = new.actor_id);
    end if;
    return new;
end $$;

-- What is hashed of an entry. Instants as seconds: a session's time zone must not change it.
create function app.audit_digest(e app.audit_entries) returns bytea
language sql stable set search_path = pg_catalog, pg_temp as $$
    select sha256(convert_to(jsonb_build_array(e.tenant_id, e.id, extract(epoch from e.at), e.actor_id, e.actor_name, e.address, e.session,
                                               e.by_operator, e.subject_id, e.action, to_jsonb(e.details))::text, 'UTF8'))
$$;

create function app.audit_link(e app.audit_entries) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
    digest bytea := app.audit_digest(e);
    link   record;
begin
    insert into app.audit_heads as h (tenant_id, entries, hash) values (e.tenant_id, 1, sha256(digest))
    on conflict (tenant_id) do update set entries = h.entries + 1, hash = sha256(h.hash || digest)
    returning h.entries, h.hash into link;
    insert into app.audit_links (tenant_id, no, entry_id, hash) values (e.tenant_id, link.entries, e.id, link.hash);
end $$;

create function app.audit_chain() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform app.audit_link(new);
    return null;
end $$;

-- What was there before the chain is its beginning.
do $$
declare
    e app.audit_entries;
begin
    for e in select * from app.audit_entries order by tenant_id, at, id loop
        perform app.audit_link(e);
    end loop;
end $$;

grant create on schema app to portal_router;
alter function app.audit_facts() owner to portal_router;
alter function app.audit_chain() owner to portal_router;
revoke create on schema app from portal_router;
revoke all on function app.audit_facts(), app.audit_chain(), app.audit_digest(app.audit_entries), app.audit_link(app.audit_entries) from public;
grant execute on function app.audit_digest(app.audit_entries), app.audit_link(app.audit_entries) to portal_router;

create trigger audit_facts before insert on app.audit_entries for each row execute function app.audit_facts();

-- At the commit: the tenant's head is locked for the commit alone, however long the transaction was, and the links stand in the
-- order of the commits. No role but the owner of the table can go past it.
create constraint trigger audit_chained after insert on app.audit_entries
deferrable initially deferred
for each row execute function app.audit_chain();
