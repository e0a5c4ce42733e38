-- One row for the whole database: how far dispatch numbers are reserved, and whether sending is held after a restore. Asked
-- in every transaction that begins an attempt, before anything of a tenant is looked at.
create table infra.dispatch_state (
    one               boolean primary key default true check (one),
    reserved_to       bigint not null default 0,
    system_identifier text,
    timeline          int,
    database_oid      bigint,
    held_why          text,
    held_at           timestamptz,
    released_by       text,
    released_at       timestamptz,
    trouble           text,
    trouble_by        text,
    trouble_at        timestamptz,
    check ((held_why is null) = (held_at is null))
);
insert into infra.dispatch_state default values;
