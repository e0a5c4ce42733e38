-- Functions. Those owned by portal_router look across tenants: they return ids, never content.

create or replace function app.current_tenant() returns uuid
language plpgsql stable parallel safe as $$
declare
    tenant text := nullif(current_setting('app.tenant', true), '');
begin
    if tenant is null then
        raise exception 'no tenant is set' using errcode = '28000';
    end if;
    return tenant::uuid;
end $$;

-- A recovery to a point in time and a standby's taking over begin a new one.
create or replace function infra.dispatch_timeline() returns int
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
    return ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int;
end $$;

-- Which life of which database this is: another one after a start of the server, after a recovery, and when the database or
-- the table was made anew. What was held against the store outside holds for that life only.
create or replace function infra.dispatch_life() returns text
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
    return concat_ws('/', (select d.oid from pg_database d where d.datname = current_database()), 'infra.dispatch_state'::regclass::oid,
                     infra.dispatch_timeline(), extract(epoch from pg_postmaster_start_time()));
end $$;

-- Whether attempts may begin: nothing is held, and the caller has checked this very life. Asked with every request: its
-- queries have no parameters, so that their plans are kept.
create or replace function infra.dispatch_open(p_life text) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
    free boolean;
begin
    select s.held_why is null into free from infra.dispatch_state s;
    return coalesce(free, false) and infra.dispatch_life() = p_life;
end $$;

-- claimed → dispatching: the last gate before the first byte, in one transaction that is committed durably. Checks the
-- fence against the locked lease, the stop flags of tenant, account and sending, the suppressions, quiet hours and the limits, and
-- writes the attempt. Null: begun. Otherwise nothing was written, nothing may leave, and the word says why; a limit that has no room is
-- full:LIMIT, or large:LIMIT when the batch alone is more than it allows. The locks on account and sending are shared: a pause
-- or a stop waits for this commit, and every later attempt sees it.
create or replace function app.begin_attempt(
    p_account uuid, p_fence bigint, p_sending uuid, p_batch int, p_attempt int, p_key_version int, p_timestamp text,
    p_numbers int, p_segments int, p_granted timestamptz, p_life text, p_dispatch_no bigint, p_settled int) returns text
-- Every statement finds its rows by their keys: planned once and kept, and never by reading a table that was small then.
language plpgsql volatile set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
    tenant uuid := app.current_tenant();
    range  record;
    quota  record;
    late   boolean;
begin
    if not infra.dispatch_open(p_life) then
        return 'held';
    end if;
    if not infra.hold_lease(p_account, p_fence) then
        return 'lease';
    end if;
    if not infra.tenant_is_active(tenant) then
        return 'tenant';
    end if;
    select s.month, s.kind, b.numbers into range
    from app.accounts a, app.sendings s, app.batches b
    where a.tenant_id = tenant and a.id = p_account
      -- what proves a pair passes while none is proven, signed with that one and no other
      and (a.state = 'active' or (a.stopped_code = 'unproven' and s.proves_version is not null))
      and (s.proves_version is null or s.proves_version = p_key_version)
      and s.tenant_id = tenant and s.id = p_sending and s.state = 'running' and s.not_before <= clock_timestamp()
      and b.tenant_id = tenant and b.sending_id = p_sending and b.batch_no = p_batch and b.fence = p_fence
      -- by its key: no index of states
      and b.state || '' = 'claimed'
      and b.settled = p_settled
    for share of a, s for no key update of b;
    if not found then
        return 'stopped';
    end if;
    if p_settled = 0 then
        late := exists (select from (select u.number::text as number from unnest(range.numbers) u (number) offset 0) m
                        where exists (select from app.suppressions x where x.tenant_id = tenant and x.number = m.number)
                          and not exists (select from app.skips k where k.tenant_id = tenant and k.sending_id = p_sending and k.number = m.number));
    else
        -- whom a receipt has told of is not sent to again
        late := exists (select from (select u.number::text as number from unnest(range.numbers) u (number) offset 0) m
                        where exists (select from app.suppressions x where x.tenant_id = tenant and x.number = m.number)
                          and not exists (select from app.skips k where k.tenant_id = tenant and k.sending_id = p_sending and k.number = m.number)
                          and not exists (select from app.receipts r where r.tenant_id = tenant and r.month = range.month and r.sending_id = p_sending and r.number = m.number));
    end if;
    if late then
        return 'suppressed';
    end if;
    -- Whoever waits for a code, or tests, wants it at any hour.
    if range.kind = 'campaign' and exists (select from app.quiet_hours q where q.tenant_id = tenant)
       and exists (select from app.quiet_people(tenant, p_sending, range.month, range.numbers, p_settled, clock_timestamp()) q where q.until is not null) then
        return 'quiet';
    end if;
    select * into quota from app.take_quota(tenant, p_account, p_numbers, p_segments);
    if quota.why is not null then
        return case when quota.too_large then 'large:' else 'full:' end || quota.why;
    end if;
    update app.batches set state = 'dispatching', attempts = p_attempt, changed_at = clock_timestamp()
    where tenant_id = tenant and sending_id = p_sending and batch_no = p_batch;
    insert into app.attempts (tenant_id, sending_id, batch_no, attempt_no, account_id, fence, key_version, timestamp, numbers,
                              own_segments, left_out, granted_at, state, started_at, dispatch_no, counted_on)
    values (tenant, p_sending, p_batch, p_attempt, p_account, p_fence, p_key_version, p_timestamp, p_numbers,
            p_segments, p_settled, p_granted, 'dispatching', clock_timestamp(), p_dispatch_no, quota.counted_on);
    return null;
end $$;

-- What nearly every request comes to: its attempt, its batch and the counters in one transaction. False: nothing was written, since
-- the attempt has an outcome by now. An exception (no_data_found), and nothing written: its batch is not as the attempt left it.
create or replace function app.accept_attempt(
    p_sending uuid, p_batch int, p_attempt int, p_code text, p_http_status int, p_task text, p_valid_number int, p_segments int,
    p_people int, p_not_taken int, p_own_segments int) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
    tenant uuid := app.current_tenant();
    told   int;
begin
    -- both by their keys: no index of states
    update app.attempts set state = 'accepted', ended_at = clock_timestamp(), code = p_code, http_status = p_http_status, task_id = p_task,
           valid_number = p_valid_number, segments = p_segments
    where tenant_id = tenant and sending_id = p_sending and batch_no = p_batch and attempt_no = p_attempt and state || '' = 'dispatching';
    if not found then
        return false;
    end if;
    update app.batches set state = 'accepted', why = p_code, changed_at = clock_timestamp()
    where tenant_id = tenant and sending_id = p_sending and batch_no = p_batch and attempts = p_attempt and state || '' = 'dispatching'
    returning settled into strict told;
    -- last: many wait for this row
    update app.sending_counts set accepted = accepted + p_people - told, segments = segments + coalesce(p_segments, 0),
           not_taken = not_taken + p_not_taken, own_segments = own_segments + p_own_segments
    where tenant_id = tenant and sending_id = p_sending;
    return true;
end $$;

-- Accounts whose loop should run: work that is due, or attempts and claims that a dead loop left behind. With the statement's time,
-- not the moment's, both are found by ix_batches_due, however many batches wait.
create or replace function infra.due_work() returns table (tenant_id uuid, account_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select a.tenant_id, a.id
    from app.accounts a
    join ident.tenants t on t.id = a.tenant_id
    left join infra.leases l on l.account_id = a.id
    where (l.until is null or l.until < clock_timestamp())
      and (exists (select from app.batches b where b.tenant_id = a.tenant_id and b.account_id = a.id and b.state = 'claimed')
        or exists (select from app.batches b where b.tenant_id = a.tenant_id and b.account_id = a.id and b.state = 'dispatching')
        or ((a.state = 'active' or a.stopped_code = 'unproven') and t.state = 'active'
            and exists (select from app.sendings s
                        where s.tenant_id = a.tenant_id and s.account_id = a.id and s.state = 'running'
                          and s.not_before <= statement_timestamp() + interval '1 second'
                          and (a.state = 'active' or s.proves_version is not null)
                          and exists (select from app.batches b
                                      where b.tenant_id = s.tenant_id and b.account_id = a.id and b.sending_id = s.id
                                        and b.state = 'planned' and b.not_before <= statement_timestamp() + interval '1 second'))))
$$;

-- The fence grows with every change of hands; it is part of a key, so that this waits for whoever holds the lease (hold_lease) and a
-- renewal does not: however many begin without a pause between them, they do not keep their own loop from its lease. Null: somebody else holds the account.
create or replace function infra.acquire_lease(p_tenant uuid, p_account uuid, p_holder uuid, p_seconds double precision) returns bigint
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    insert into infra.leases as l (account_id, tenant_id, holder, fence, until)
    select a.id, a.tenant_id, p_holder, 1, clock_timestamp() + make_interval(secs => p_seconds)
    from app.accounts a where a.tenant_id = p_tenant and a.id = p_account
    on conflict (account_id) do update
        set holder = excluded.holder, fence = l.fence + 1, until = excluded.until
        where l.until < clock_timestamp()
    returning fence
$$;

create or replace function infra.renew_lease(p_account uuid, p_holder uuid, p_fence bigint, p_seconds double precision) returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    with renewed as (
        update infra.leases set until = clock_timestamp() + make_interval(secs => p_seconds)
        where account_id = p_account and holder = p_holder and fence = p_fence and until >= clock_timestamp()
        returning 1)
    select exists (select from renewed)
$$;

create or replace function infra.release_lease(p_account uuid, p_holder uuid, p_fence bigint) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    update infra.leases set until = '-infinity' where account_id = p_account and holder = p_holder and fence = p_fence
$$;

-- Locks the lease row for the caller's transaction: while it is held nobody can take the account over.
create or replace function infra.hold_lease(p_account uuid, p_fence bigint) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform from infra.leases where account_id = p_account and fence = p_fence and until >= clock_timestamp() for key share;
    return found;
end $$;

-- Whether loops of other tenants run, on whichever instance. Of them nothing is learned but that.
create or replace function infra.others_send(p_tenant uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select exists (select from infra.leases where tenant_id <> p_tenant and until >= clock_timestamp())
$$;

-- Asked with every attempt: not in SQL, whose plans are not kept.
create or replace function infra.tenant_is_active(p_tenant uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return exists (select from ident.tenants where id = p_tenant and state = 'active');
end $$;

create or replace function infra.due_campaigns(p_limit int) returns table (tenant_id uuid, campaign_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select c.tenant_id, c.id
    from app.campaigns c join ident.tenants t on t.id = c.tenant_id
    where c.state = 'scheduled' and c.due_at <= clock_timestamp() and c.missed_at is null and t.state = 'active'
    order by c.due_at limit p_limit
$$;

-- Schedules whose next run is a minute ahead, or was missed: made a little before its time it starts punctually.
create or replace function infra.due_schedules(p_limit int) returns table (tenant_id uuid, schedule_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.tenant_id, s.id
    from app.schedules s join ident.tenants t on t.id = s.tenant_id
    where s.state = 'active' and s.next_due_at <= clock_timestamp() + interval '1 minute' and t.state = 'active'
    order by s.next_due_at limit p_limit
$$;

-- Sendings that have something left to send, or to prepare: what a restore of the database makes uncertain.
create or replace function infra.unfinished_sendings() returns table (tenant_id uuid, sending_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.tenant_id, s.id
    from app.sendings s
    where (s.state in ('preparing', 'running') and s.prepared_at is null)
       or exists (select from app.batches b
                  where b.tenant_id = s.tenant_id and b.account_id = s.account_id and b.sending_id = s.id
                    and b.state in ('planned', 'claimed', 'dispatching'))
    order by s.created_at
$$;

-- Sendings whose preparing was cut short, and those with nothing left to do.
create or replace function infra.open_sendings(p_limit int) returns table (tenant_id uuid, sending_id uuid, prepared boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    (select s.tenant_id, s.id, s.prepared_at is not null
     from app.sendings s
     where s.state in ('preparing', 'running')
       and (s.prepared_at is null
         or not exists (select from app.batches b
                        where b.tenant_id = s.tenant_id and b.account_id = s.account_id and b.sending_id = s.id
                          and b.state in ('planned', 'claimed', 'dispatching')))
     order by s.created_at limit p_limit)
    union all
    -- It came to more messages than it may, and its campaign does not know that yet.
    (select s.tenant_id, s.id, false
     from app.sendings s
     where s.state = 'cancelled' and s.messages > s.most_messages
       and exists (select from app.campaigns c where c.tenant_id = s.tenant_id and c.sending_id = s.id)
     limit p_limit)
$$;

-- Sendings that wait for what became of their first messages.
create or replace function infra.waiting_canaries(p_limit int) returns table (tenant_id uuid, sending_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.tenant_id, s.id
    from app.sendings s
    where s.state = 'running' and s.canary is not null and s.canary_passed_at is null and s.prepared_at is not null
    order by s.created_at limit p_limit
$$;

drop function if exists infra.lock_tenant_keys(int, uuid, int, int);
drop function if exists infra.tenant_keys_after(uuid, int, int);

-- How many keys each root key wraps, and how many tenants have one.
create or replace function infra.key_roots() returns table (root_key_id int, tenants bigint, tenant_keys bigint, system_keys bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select r.root_key_id, count(distinct r.tenant_id), count(r.tenant_id), count(*) - count(r.tenant_id)
    from (select k.root_key_id, k.tenant_id from app.tenant_keys k union all select s.root_key_id, null from infra.system_keys s) r
    group by 1 order by 1
$$;

-- Tenants with a key that a newer one has replaced for longer than any value takes from its sealing to its row.
create or replace function infra.tenants_with_older_keys() returns table (tenant_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select k.tenant_id from app.tenant_keys k group by 1 having count(*) > 1 and max(k.created_at) < clock_timestamp() - interval '1 hour'
$$;

-- Openings of this hour that are more than three times the usual: the middle of the hours of the last two weeks in which there
-- were any, and no less than p_least. No tenant: secrets of the portal itself. Parked receipts are not judged: whoever pushes garbage
-- decides how many of them there are to open, and an alarm that strangers can ring is soon heard by nobody.
create or replace function infra.unusual_openings(p_least bigint) returns table (tenant_id uuid, purpose text, openings bigint, usual bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with hours as (
        select o.tenant_id, o.purpose, o.hour, o.openings from app.vault_openings o where o.hour > clock_timestamp() - interval '14 days'
        union all
        select null, o.purpose, o.hour, o.openings from infra.vault_openings o
        where o.hour > clock_timestamp() - interval '14 days' and o.purpose <> 'parked-receipts'),
    now as (select h.tenant_id, h.purpose, h.openings from hours h where h.hour = date_trunc('hour', clock_timestamp())),
    judged as (
        select n.*, greatest(p_least, coalesce((
            select percentile_disc(0.5) within group (order by h.openings) from hours h
            where h.tenant_id is not distinct from n.tenant_id and h.purpose = n.purpose and h.hour < date_trunc('hour', clock_timestamp())), 0)) as usual
        from now n)
    select j.tenant_id, j.purpose, j.openings, j.usual from judged j where j.openings > 3 * j.usual
    order by j.openings desc limit 100
$$;

-- Only proven pairs are in the index; a held one receives nothing.
drop function if exists infra.resolve_apikey(bytea);
drop function if exists infra.resolve_apikeys(bytea[]);
create function infra.resolve_apikeys(p_hashes bytea[]) returns table (hash bytea, tenant_id uuid, account_id uuid, proven_at timestamptz, token_only_since timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select i.hash, i.tenant_id, i.account_id, min(i.proven_at), a.token_only_since
    from infra.apikey_index i left join app.accounts a on a.tenant_id = i.tenant_id and a.id = i.account_id
    where i.hash = any (p_hashes) and not i.held
    group by 1, 2, 3, 5
$$;

-- The accounts whose own addresses for receipts these are, and until when: by the tokens' hashes.
create or replace function infra.resolve_receipt_tokens(p_hashes text[]) returns table (hash text, tenant_id uuid, account_id uuid, ends_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select t.hash::text, t.tenant_id, t.account_id, t.ends_at from app.receipt_tokens t where t.hash = any (p_hashes)
$$;

-- Enters a proven pair for the tenant that is set. False: another tenant proved this apikey at this origin before; held.
create or replace function infra.prove_apikey(p_account uuid, p_key_version int, p_index_version int, p_hash bytea, p_origin text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    tenant uuid := app.current_tenant();
    other  boolean;
begin
    if not exists (select from app.account_keys k where k.tenant_id = tenant and k.account_id = p_account and k.version = p_key_version) then
        raise exception 'no such key pair' using errcode = '28000';
    end if;
    perform pg_advisory_xact_lock(hashtextextended(encode(p_hash, 'hex') || p_origin, 0));
    other := exists (select from infra.apikey_index i
                     where i.hash = p_hash and i.origin = p_origin and not i.held and i.tenant_id <> tenant);
    -- Receipts that came when no account had this apikey are matched again.
    if not other then
        update infra.parked_receipts r set next_at = clock_timestamp() where r.key_hash = p_hash;
    end if;
    -- The same apikey with a new secret: one row routes it to the account, and it goes over to the newer pair.
    if not other then
        update infra.apikey_index i set key_version = p_key_version
        where i.tenant_id = tenant and i.account_id = p_account and i.index_version = p_index_version
          and i.hash = p_hash and i.origin = p_origin and not i.held and i.key_version < p_key_version;
        if found then
            return true;
        end if;
    end if;
    insert into infra.apikey_index (index_version, hash, origin, tenant_id, account_id, key_version, held)
    values (p_index_version, p_hash, p_origin, tenant, p_account, p_key_version, other)
    on conflict (tenant_id, account_id, key_version, index_version) do update set hash = excluded.hash, origin = excluded.origin, held = excluded.held;
    return not other;
end $$;

-- Whether a sending ended so many days ago: nothing of it is open, nothing in doubt, and no batch changed since.
create or replace function app.sending_over(s app.sendings, p_days int) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
    select s.state in ('finished', 'cancelled') and coalesce(s.finished_at, s.created_at) < clock_timestamp() - make_interval(days => p_days)
       and not exists (select from app.batches b
                       where b.tenant_id = s.tenant_id and b.sending_id = s.id
                         and (b.state in ('planned', 'claimed', 'dispatching', 'in_doubt') or b.changed_at >= clock_timestamp() - make_interval(days => p_days)))
$$;
revoke all on function app.sending_over(app.sendings, int) from public;

-- Sendings whose messages, or only whose receipts, the tenant keeps no longer.
create or replace function infra.expired_sendings(p_limit int) returns table (tenant_id uuid, sending_id uuid, messages boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    (select s.tenant_id, s.id, true from app.tenant_settings t join app.sendings s on s.tenant_id = t.tenant_id
     where t.keep_messages_days is not null and s.messages_cleared_at is null and app.sending_over(s, t.keep_messages_days)
     order by s.created_at limit p_limit)
    union all
    (select s.tenant_id, s.id, false from app.tenant_settings t join app.sendings s on s.tenant_id = t.tenant_id
     where t.keep_receipts_days is not null and s.receipts_cleared_at is null and app.sending_over(s, t.keep_receipts_days)
     order by s.created_at limit p_limit)
$$;

-- Takes a piece of an expired sending away: receipts, then messages with their numbers and texts. Totals, batches and attempts stay.
-- What it was stands in "what"; null: nothing is left, and the sending says when.
create or replace function infra.clear_sending(p_tenant uuid, p_sending uuid, p_messages boolean, p_limit int, out what text, out gone bigint)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    part date;
begin
    gone := 0;
    select s.month into part from app.sendings s join app.tenant_settings t on t.tenant_id = s.tenant_id
    where s.tenant_id = p_tenant and s.id = p_sending
      and app.sending_over(s, case when p_messages then t.keep_messages_days else t.keep_receipts_days end)
    for update of s;
    if not found then
        return;
    end if;
    delete from app.receipts x using (select y.number from app.receipts y where y.tenant_id = p_tenant and y.month = part and y.sending_id = p_sending limit p_limit) z
    where x.tenant_id = p_tenant and x.month = part and x.sending_id = p_sending and x.number = z.number;
    get diagnostics gone = row_count;
    if gone > 0 then
        what := 'receipts';
        return;
    end if;
    update app.sendings s set receipts_cleared_at = coalesce(s.receipts_cleared_at, clock_timestamp()) where s.tenant_id = p_tenant and s.id = p_sending;
    if not p_messages then
        return;
    end if;
    delete from app.messages x using (select y.number from app.messages y where y.tenant_id = p_tenant and y.month = part and y.sending_id = p_sending limit p_limit) z
    where x.tenant_id = p_tenant and x.month = part and x.sending_id = p_sending and x.number = z.number;
    get diagnostics gone = row_count;
    if gone > 0 then
        what := 'messages';
        return;
    end if;
    delete from app.skips where ctid = any (array(select y.ctid from app.skips y where y.tenant_id = p_tenant and y.sending_id = p_sending limit p_limit));
    get diagnostics gone = row_count;
    if gone = 0 then
        delete from app.sending_texts where ctid = any (array(select y.ctid from app.sending_texts y where y.tenant_id = p_tenant and y.sending_id = p_sending limit p_limit));
        get diagnostics gone = row_count;
    end if;
    if gone = 0 then
        update app.batches b set numbers = '{}' where b.tenant_id = p_tenant and b.sending_id = p_sending and b.batch_no = any (array(
            select y.batch_no from app.batches y where y.tenant_id = p_tenant and y.sending_id = p_sending and y.numbers <> '{}' limit greatest(1, p_limit / 100)));
        get diagnostics gone = row_count;
    end if;
    if gone > 0 then
        what := 'rest';
        return;
    end if;
    update app.sendings s set messages_cleared_at = clock_timestamp(), number = null where s.tenant_id = p_tenant and s.id = p_sending;
end $$;

create or replace function infra.contact_keepers() returns table (tenant_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select t.tenant_id from app.tenant_settings t where t.keep_contacts_days is not null
$$;

-- Looks at some contacts after one, and takes those away that the tenant keeps no longer: added long ago, not written to since, and on
-- no list that is still to be written to. "last" is where to go on; null at the end. Opt-outs are no contacts: they stay.
create or replace function infra.clear_contacts(p_tenant uuid, p_after uuid, p_limit int, out gone bigint, out last uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    cutoff timestamptz;
    lists  uuid[];
begin
    select clock_timestamp() - make_interval(days => t.keep_contacts_days) into cutoff from app.tenant_settings t where t.tenant_id = p_tenant;
    if cutoff is null then
        gone := 0;
        return;
    end if;
    if p_after = '00000000-0000-0000-0000-000000000000' then
        -- The lines that an import could not read hold what was typed there.
        delete from app.import_problems p using app.imports i
        where p.tenant_id = p_tenant and i.tenant_id = p_tenant and i.id = p.import_id and i.created_at < cutoff;
    end if;
    lists := array(
        select unnest(c.list_ids) from app.campaigns c left join app.sendings s on s.tenant_id = c.tenant_id and s.id = c.sending_id
        where c.tenant_id = p_tenant and (c.state in ('draft', 'awaiting_approval', 'scheduled') or s.state = 'preparing')
        union select unnest(h.list_ids) from app.schedules h where h.tenant_id = p_tenant and h.state <> 'ended');
    with page as (
        select c.id, c.number, c.created_at from app.contacts c where c.tenant_id = p_tenant and c.id > p_after order by c.id limit p_limit),
    dead as (
        delete from app.contacts x using page p
        where x.tenant_id = p_tenant and x.id = p.id and p.created_at < cutoff
          and not exists (select from app.sendings s join app.messages m on m.tenant_id = p_tenant and m.month = s.month and m.sending_id = s.id
                          where s.tenant_id = p_tenant and coalesce(s.finished_at, 'infinity') >= cutoff and m.number = p.number)
          and not exists (select from app.list_members l where l.tenant_id = p_tenant and l.contact_id = p.id and l.list_id = any (lists))
        returning 1)
    select (select count(*) from dead), (select p.id from page p order by p.id desc limit 1) into gone, last;
end $$;

-- Takes a piece of a tenant that is being deleted away; answers how many rows. None left: everything of it outside its own tables
-- goes too, and nothing is known of it any more.
create or replace function infra.erase_tenant(p_tenant uuid, p_limit int) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    t       record;
    gone    bigint;
    total   bigint := 0;
    blocked text;
begin
    if not exists (select from ident.tenants x where x.id = p_tenant and x.deleting_since is not null) then
        raise exception 'this tenant is not being deleted' using errcode = '28000';
    end if;
    for t in select c.oid::regclass as name, c.relkind from pg_class c
             where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
             order by c.relkind, c.relname loop
        begin
            if t.relkind = 'p' then
                execute format('delete from %1$s x using (select y.month, y.sending_id, y.number from %1$s y where y.tenant_id = $1 limit $2) z
                                where x.tenant_id = $1 and x.month = z.month and x.sending_id = z.sending_id and x.number = z.number', t.name) using p_tenant, p_limit;
            else
                execute format('delete from %1$s where ctid = any (array(select ctid from %1$s where tenant_id = $1 limit $2))', t.name) using p_tenant, p_limit;
            end if;
            get diagnostics gone = row_count;
            total := total + gone;
        exception when foreign_key_violation then
            -- What refers to it goes first; it has its turn in the next piece.
            blocked := t.name::text;
        end;
    end loop;
    if total > 0 then
        return total;
    end if;
    if blocked is not null then
        raise exception 'rows of % cannot be deleted', blocked;
    end if;
    delete from infra.apikey_index i where i.tenant_id = p_tenant;
    delete from infra.leases l where l.tenant_id = p_tenant;
    delete from infra.parked_receipts r where r.tenant_id = p_tenant;
    delete from ident.letters l using ident.invitations i where i.tenant_id = p_tenant and l.invitation_id = i.id;
    delete from ident.invitations i where i.tenant_id = p_tenant;
    delete from ident.actings a where a.tenant_id = p_tenant;
    delete from ident.memberships m where m.tenant_id = p_tenant;
    delete from ident.tenants x where x.id = p_tenant;
    return 0;
end $$;

-- Every place where an audit does not hang together: a changed, removed or reordered entry, one past the trigger, a head that is
-- not the last link's. One row without a word for each audit: how long it is, and its head.
create or replace function infra.verify_audit(p_tenant uuid)
returns table (tenant_id uuid, no bigint, entry_id uuid, why text, head text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with links as (
        select l.tenant_id, l.no, l.entry_id, l.hash, e.id, app.audit_digest(e) as digest,
               lag(l.hash) over chain as before, lag(l.no, 1, 0::bigint) over chain as before_no, lead(l.no) over chain as after_no
        from app.audit_links l left join app.audit_entries e on e.tenant_id = l.tenant_id and e.id = l.entry_id
        where p_tenant is null or l.tenant_id = p_tenant
        window chain as (partition by l.tenant_id order by l.no)),
    heads as (select * from app.audit_heads h where p_tenant is null or h.tenant_id = p_tenant)
    select l.tenant_id, l.no, l.entry_id, 'removed', null from links l where l.id is null
    union all
    select l.tenant_id, l.no, l.entry_id, 'gap', null from links l where l.no <> l.before_no + 1
    union all
    select l.tenant_id, l.no, l.entry_id, 'changed', null from links l
    where l.id is not null and l.no = l.before_no + 1 and l.hash <> sha256(coalesce(l.before, '') || l.digest)
    union all
    select e.tenant_id, null, e.id, 'unlinked', null from app.audit_entries e
    where (p_tenant is null or e.tenant_id = p_tenant)
      and not exists (select from app.audit_links l where l.tenant_id = e.tenant_id and l.entry_id = e.id)
    union all
    select coalesce(h.tenant_id, l.tenant_id), l.no, l.entry_id, 'end', null
    from heads h full join (select * from links where after_no is null) l on l.tenant_id = h.tenant_id
    where h.entries is distinct from l.no or h.hash is distinct from l.hash
    union all
    select h.tenant_id, h.entries, null, null, encode(h.hash, 'hex') from heads h
$$;

revoke all on function app.begin_attempt(uuid, bigint, uuid, int, int, int, text, int, int, timestamptz, text, bigint, int),
    app.accept_attempt(uuid, int, int, text, int, text, int, int, int, int, int) from public;

do $$
declare
    f record;
begin
    grant create on schema infra to portal_router;
    for f in select p.oid::regprocedure as name from pg_proc p
             where p.pronamespace = 'infra'::regnamespace and p.prosecdef loop
        execute format('alter function %s owner to portal_router', f.name);
        execute format('revoke all on function %s from public', f.name);
    end loop;
    revoke create on schema infra from portal_router;
end $$;
