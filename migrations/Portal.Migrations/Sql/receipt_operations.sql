-- Of a parked receipt: the hash of the token of the address that it came over, and the end of its apikey for operators.
alter table infra.parked_receipts add column token text, add column key_last4 text;

-- What became of receipts, a row a minute while one instance applies them: for operators, kept three days.
create table infra.receipt_minutes (
    at      timestamptz primary key default clock_timestamp(),
    seconds double precision not null,
    -- The inbox's sequence by then: what it grew by is what came.
    last_id bigint not null,
    applied bigint not null,
    parked  bigint not null,
    lag_ms  int
);

-- Where receipts came from, an hour a row: nobody signs them, so a new source is worth a look. Kept three days.
create table infra.receipt_sources (
    hour    timestamptz not null,
    source  inet not null,
    taken   bigint not null,
    parked  bigint not null,
    last_at timestamptz not null,
    primary key (hour, source)
);

-- What operators had tried again of parked receipts, who and when: their audit, so a row is never deleted.
create table infra.receipt_replays (
    id                uuid primary key,
    reason            text,
    asked_at          timestamptz not null default clock_timestamp(),
    asked_by          uuid,
    asked_by_name     text not null,
    total             bigint not null,
    -- From after this one to that one, in the order in which they came.
    done_to           bigint not null default 0,
    up_to             bigint not null,
    tried             bigint not null default 0,
    matched           bigint not null default 0,
    finished_at       timestamptz,
    cancelled_at      timestamptz,
    cancelled_by      uuid,
    cancelled_by_name text,
    constraint ck_receipt_replays_cancelled check ((cancelled_at is null) = (cancelled_by_name is null))
);
create unique index ux_receipt_replays_open on infra.receipt_replays ((true)) where finished_at is null and cancelled_at is null;
