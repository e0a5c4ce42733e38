-- Which instances of the portal run: for the operators' system page. Belongs to no tenant.
create table infra.instances (
    id         uuid primary key,
    host       text not null,
    roles      text not null,
    version    text not null,
    started_at timestamptz not null default clock_timestamp(),
    seen_at    timestamptz not null default clock_timestamp()
);
