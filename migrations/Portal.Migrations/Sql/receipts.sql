-- How far a file of receipts that were kept on a disk was brought to the inbox: in one transaction with what it brought.
create table infra.receipt_spools (
    id          uuid primary key,
    replayed_to bigint not null
);

-- Rows stay for seconds: what is left of them is taken away before the table grows.
alter table infra.receipt_inbox set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_insert_scale_factor = 0.5);

-- The apikey's keyed hash, when no account has it: a pair that is proven wakes the receipts that came before.
alter table infra.parked_receipts add column key_hash bytea, add column source inet;
create index ix_parked_receipts_key on infra.parked_receipts (key_hash) where key_hash is not null;
drop index infra.ix_parked_receipts_next;
create index ix_parked_receipts_next on infra.parked_receipts (next_at, id);
