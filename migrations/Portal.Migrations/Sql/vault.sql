-- How often secrets of the portal itself were opened; no tenant's.
create table infra.vault_openings (
    hour     timestamptz not null,
    purpose  text not null,
    openings bigint not null,
    primary key (hour, purpose)
);

-- The addresses of ours that calls left from, as any instance saw them: what every tenant enters into its IP whitelist.
create table infra.outgoing_addresses (
    address    inet primary key,
    first_seen timestamptz not null default clock_timestamp(),
    last_seen  timestamptz not null default clock_timestamp()
);
