-- The key store: each tenant's random part, in a database of its own, so that its backups can be kept for a week only.
create table if not exists public.random_parts (
    tenant_id uuid primary key,
    part      bytea not null check (octet_length(part) = 32)
);
revoke all on schema public from public;
grant usage on schema public to portal_keys;
revoke all on public.random_parts from public;
grant select, insert, delete on public.random_parts to portal_keys;
