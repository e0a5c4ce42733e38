-- Tables that belong to no tenant, each with its reason.

-- One loop an account: who holds it, until when, under which fence. Taken before a tenant's scope is opened.
create table infra.leases (
    account_id uuid primary key,
    tenant_id  uuid not null,
    holder     uuid not null,
    fence      bigint not null,
    until      timestamptz not null
);

-- Receipts as they came: their tenant is known only after reading them. Append-only for the webhook.
create table infra.receipt_inbox (
    id          bigint generated always as identity primary key,
    received_at timestamptz not null default clock_timestamp(),
    source      inet,
    token       text,
    body        bytea not null
);

-- Receipts that nobody's message matches yet; sealed, matched again until "until".
create table infra.parked_receipts (
    id          bigint primary key,
    received_at timestamptz not null,
    reason      text not null,
    tenant_id   uuid,
    account_id  uuid,
    sealed      bytea not null,
    tries       int not null default 0,
    next_at     timestamptz not null
);
create index ix_parked_receipts_next on infra.parked_receipts (next_at);

-- Finds the account of a receipt by the keyed hash of its apikey: asked before a tenant is known.
create table infra.apikey_index (
    index_version int not null,
    hash          bytea not null,
    origin        text not null,
    tenant_id     uuid not null,
    account_id    uuid not null,
    key_version   int not null,
    held          boolean not null,
    proven_at     timestamptz not null default clock_timestamp(),
    primary key (tenant_id, account_id, key_version, index_version)
);
-- One tenant may receive for an apikey at an origin; a second one is held for an operator.
create unique index ux_apikey_index_owner on infra.apikey_index (index_version, hash, origin, account_id) where not held;
create index ix_apikey_index_hash on infra.apikey_index (hash);

-- Keys of the portal itself (the index key), wrapped by the root.
create table infra.system_keys (
    purpose     text not null,
    version     int not null,
    root_key_id int not null,
    wrapped     bytea not null,
    primary key (purpose, version)
);
