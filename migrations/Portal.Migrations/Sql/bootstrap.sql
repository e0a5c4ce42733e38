-- Roles and schemas. Run by an administrator of the server at every apply; says the same thing however often.
do $$
declare
    login text;
begin
    foreach login in array array['portal_migrator', 'portal_app', 'portal_dispatch', 'portal_inbox', 'portal_applier',
                                 'portal_identity', 'portal_operator', 'portal_hangfire', 'portal_backup'] loop
        if not exists (select from pg_roles where rolname = login) then
            execute format('create role %I login', login);
        end if;
        execute format('alter role %I nosuperuser nocreatedb nocreaterole noreplication %s', login,
            case when login in ('portal_migrator', 'portal_backup') then 'bypassrls' else 'nobypassrls' end);
    end loop;
    if not exists (select from pg_roles where rolname = 'portal_router') then
        create role portal_router nologin bypassrls;
    end if;
end $$;

-- An outcome, a receipt, a claim that was reported as done must survive a crash.
alter role portal_dispatch set synchronous_commit = on;
alter role portal_inbox set synchronous_commit = on;
alter role portal_applier set synchronous_commit = on;

-- A plan made while a table was nearly empty, or for a small tenant, must not be kept for a large one.
alter role portal_app set plan_cache_mode = force_custom_plan;
alter role portal_dispatch set plan_cache_mode = force_custom_plan;
alter role portal_applier set plan_cache_mode = force_custom_plan;

-- Groups of receipts are applied, batches claimed and chunks prepared in milliseconds: compiling their statements would take longer.
alter role portal_applier set jit = off;
alter role portal_dispatch set jit = off;

-- A sender that falls asleep in a transaction (a stopped machine, a cut network) keeps nobody from its rows for longer.
alter role portal_dispatch set idle_in_transaction_session_timeout = '1min';

grant portal_router to portal_migrator;

create schema if not exists app authorization portal_migrator;
create schema if not exists ident authorization portal_migrator;
create schema if not exists infra authorization portal_migrator;
create schema if not exists hangfire authorization portal_migrator;

revoke all on schema public from public;
do $$
begin
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to portal_migrator, portal_app, portal_dispatch, portal_inbox, portal_applier,
                    portal_identity, portal_operator, portal_hangfire, portal_backup', current_database());
    execute format('grant temporary on database %I to portal_migrator, portal_app, portal_dispatch, portal_applier', current_database());
end $$;
