-- A tenant that is there has an owner. Asked at the commit, whoever changes a membership: two owners who demote or remove each
-- other at the same moment wait for one another, and the second sees what the first did.
create function ident.keep_an_owner() returns trigger
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('owners ' || old.tenant_id::text, 0));
    if exists (select from ident.tenants t where t.id = old.tenant_id)
       and not exists (select from ident.memberships m where m.tenant_id = old.tenant_id and m.role = 'owner') then
        raise exception 'a tenant needs an owner' using errcode = 'check_violation', constraint = 'last_owner';
    end if;
    return null;
end $$;

create constraint trigger last_owner after update or delete on ident.memberships
deferrable initially deferred
for each row when (old.role = 'owner') execute function ident.keep_an_owner();
