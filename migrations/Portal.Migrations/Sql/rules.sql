-- The rules between an audience and a request. They run as whoever calls them, behind row-level security.

-- The tenant's day by the database's clock: the same throughout a transaction. Asked with every attempt: its plan is kept.
create or replace function app.local_day(p_tenant uuid) returns date
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return (select (now() at time zone s.time_zone)::date from app.tenant_settings s where s.tenant_id = p_tenant);
end $$;

-- The limits in force for an account: what each allows, what is used of it, when it begins anew.
create or replace function app.limits_now(p_tenant uuid, p_account uuid)
returns table (why text, most bigint, used bigint, again_at timestamptz)
language sql stable set search_path = pg_catalog, pg_temp as $$
    select v.why, v.most, v.used::bigint, v.again_at
    from (select d.today, date_trunc('month', d.today::timestamp)::date as month,
                 (d.today + 1)::timestamp at time zone d.time_zone as tomorrow,
                 (date_trunc('month', d.today::timestamp) + interval '1 month') at time zone d.time_zone as next_month
          from (select s.time_zone, app.local_day(p_tenant) as today from app.tenant_settings s where s.tenant_id = p_tenant) d) span
    cross join lateral (
        select coalesce(sum(u.messages) filter (where u.day = span.today), 0) as day_messages,
               coalesce(sum(u.segments) filter (where u.day = span.today), 0) as day_segments,
               coalesce(sum(u.messages), 0) as month_messages, coalesce(sum(u.segments), 0) as month_segments,
               coalesce(sum(u.messages) filter (where u.day = span.today and u.account_id = p_account), 0) as own_day_messages,
               coalesce(sum(u.segments) filter (where u.day = span.today and u.account_id = p_account), 0) as own_day_segments,
               coalesce(sum(u.messages) filter (where u.account_id = p_account), 0) as own_month_messages,
               coalesce(sum(u.segments) filter (where u.account_id = p_account), 0) as own_month_segments
        -- To the month's end: around midnight somebody else may count on tomorrow already.
        from app.usage u where u.tenant_id = p_tenant and u.day >= span.month and u.day < span.month + interval '1 month') used
    cross join lateral (
        select min(l.day_messages) as day_messages, min(l.day_segments) as day_segments,
               min(l.month_messages) as month_messages, min(l.month_segments) as month_segments
        from app.limits l where l.tenant_id = p_tenant and l.account_id = '00000000-0000-0000-0000-000000000000') whole
    cross join lateral (
        select min(l.day_messages) as day_messages, min(l.day_segments) as day_segments,
               min(l.month_messages) as month_messages, min(l.month_segments) as month_segments
        from app.limits l where l.tenant_id = p_tenant and l.account_id = p_account) own
    cross join lateral (values
        ('trial_messages', (select 50 from app.trials t where t.tenant_id = p_tenant)::bigint, used.day_messages, span.tomorrow),
        ('day_messages', whole.day_messages, used.day_messages, span.tomorrow),
        ('day_segments', whole.day_segments, used.day_segments, span.tomorrow),
        ('month_messages', whole.month_messages, used.month_messages, span.next_month),
        ('month_segments', whole.month_segments, used.month_segments, span.next_month),
        ('account_day_messages', own.day_messages, used.own_day_messages, span.tomorrow),
        ('account_day_segments', own.day_segments, used.own_day_segments, span.tomorrow),
        ('account_month_messages', own.month_messages, used.own_month_messages, span.next_month),
        ('account_month_segments', own.month_segments, used.own_month_segments, span.next_month)) v (why, most, used, again_at)
    where v.most is not null
$$;

-- Held by whoever changes limits, and shared by the attempts that begin: they see the old limits and are counted, or the new ones.
create or replace function app.lock_limits(p_tenant uuid, p_change boolean) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
    if p_change then
        perform pg_advisory_xact_lock(hashtextextended('limits ' || p_tenant::text, 0));
    else
        perform pg_advisory_xact_lock_shared(hashtextextended('limits ' || p_tenant::text, 0));
    end if;
end $$;

-- Counts an attempt that begins, in the caller's transaction: answers the day on which it counts. When a limit stands in its way
-- nothing is counted, and the row says which one, and whether the attempt alone is more than it allows.
-- To be called after the account's, the sending's and the batch's rows are locked.
create or replace function app.take_quota(p_tenant uuid, p_account uuid, p_messages int, p_segments int,
    out counted_on date, out why text, out too_large boolean)
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
    limited boolean;
begin
    perform app.lock_limits(p_tenant, false);
    limited := exists (select from app.limits l where l.tenant_id = p_tenant) or exists (select from app.trials t where t.tenant_id = p_tenant);
    if limited then
        -- One after the other: each sees what the one before it took.
        perform pg_advisory_xact_lock(hashtextextended('quota ' || p_tenant::text, 0));
        select l.why, asked > l.most into why, too_large
        from app.limits_now(p_tenant, p_account) l
        cross join lateral (select case when l.why like '%segments' then p_segments else p_messages end as asked) a
        where l.used + a.asked > l.most
        order by a.asked > l.most desc, l.again_at desc, l.why limit 1;
        if found then
            return;
        end if;
    end if;
    counted_on := app.local_day(p_tenant);
    -- Those who need not take turns count in rows of their own, so that none waits for another's commit.
    insert into app.usage as u (tenant_id, day, account_id, slot, messages, segments)
    values (p_tenant, counted_on, p_account, case when limited then 0 else 1 + pg_backend_pid() % 32 end, p_messages, p_segments)
    on conflict (tenant_id, day, account_id, slot) do update set messages = u.messages + excluded.messages, segments = u.segments + excluded.segments;
end $$;

-- Nothing of an attempt left: it does not count, on whatever day it was counted. Safe to repeat. To be called last in a
-- transaction: a row of usage is locked after the sending's, as above.
create or replace function app.give_quota_back(p_tenant uuid, p_sending uuid, p_batch_no int, p_attempt_no int) returns void
language sql volatile set search_path = pg_catalog, pg_temp as $$
    with counted as (
        select a.account_id, a.counted_on, a.numbers, a.own_segments
        from app.attempts a
        where a.tenant_id = p_tenant and a.sending_id = p_sending and a.batch_no = p_batch_no and a.attempt_no = p_attempt_no and a.counted_on is not null
        for update),
    cleared as (
        update app.attempts a set counted_on = null from counted
        where a.tenant_id = p_tenant and a.sending_id = p_sending and a.batch_no = p_batch_no and a.attempt_no = p_attempt_no)
    insert into app.usage as u (tenant_id, day, account_id, slot, messages, segments)
    select p_tenant, c.counted_on, c.account_id, 0, -c.numbers, -c.own_segments from counted c
    on conflict (tenant_id, day, account_id, slot) do update set messages = u.messages + excluded.messages, segments = u.segments + excluded.segments
$$;

-- The countries that a tenant may write to: its own and those that were added, as far as an operator lets it.
create or replace function app.allowed_countries(p_tenant uuid) returns text[]
language sql stable set search_path = pg_catalog, pg_temp as $$
    select array(select c from unnest(array_append(s.extra_countries, s.country)) c where b.countries is null or c = any (b.countries))
    from app.tenant_settings s left join app.operator_bounds b on b.tenant_id = s.tenant_id where s.tenant_id = p_tenant
$$;

-- For numbers whose country nobody knows, the calling code decides: an expression that finds those of the allowed countries,
-- which are asked for once and not for each country.
create or replace function app.allowed_codes(p_tenant uuid) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
    select '^(' || coalesce(string_agg(distinct c.calling_code, '|'), '-') || ')'
    from infra.countries c where c.country = any ((select app.allowed_countries(p_tenant))::text[])
$$;

-- Of those, the codes that belong to one country alone: a number below one needs no look at its contact.
create or replace function app.sure_codes(p_tenant uuid) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
    select '^(' || coalesce(string_agg(c.calling_code, '|'), '-') || ')'
    from (select calling_code, min(country) as country from infra.countries group by calling_code having count(*) = 1) c
    where c.country = any ((select app.allowed_countries(p_tenant))::text[])
$$;

-- When people of a country may be written to again: null when it is quiet on none of its clocks, else when that is so; at most
-- two weeks ahead, when there is no such time. The country is two letters, or + and a calling code for all that share it. It is
-- quiet while a clock shows a time of the rule, and until the last moment at which it shows the rule's end, where it is put back.
create or replace function app.quiet_until(p_tenant uuid, p_country text, p_at timestamptz) returns timestamptz
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    -- A request leaves up to five seconds after it was asked.
    ahead     constant interval := '5 seconds';
    latest    constant timestamptz := p_at + interval '14 days';
    candidate timestamptz := p_at;
    quiet_end timestamptz;
begin
    loop
        select max(o.ends_at) into quiet_end
        from infra.countries k
        cross join lateral (
            select q.from_minute, q.to_minute from app.quiet_hours q
            where q.tenant_id = p_tenant and q.country in (k.country, '') order by q.country desc limit 1) q
        cross join lateral unnest(case when cardinality(k.zones) > 0 then k.zones else array['UTC'] end) z (zone)
        cross join lateral (select candidate at time zone z.zone as clock) c
        -- Of yesterday's and of today's: one that began yesterday may not be over.
        cross join lateral (values (c.clock::date - 1), (c.clock::date)) d (day)
        cross join lateral (
            select d.day + make_interval(mins => q.from_minute) as begins,
                   d.day + make_interval(days => case when q.to_minute < q.from_minute then 1 else 0 end, mins => q.to_minute) as ends) w
        -- A time that is shown twice is the second one here, a time that is left out the same span after the change.
        cross join lateral (select w.begins at time zone z.zone as begins_at, w.ends at time zone z.zone as ends_at) o
        where (k.country = p_country or '+' || k.calling_code = p_country) and q.from_minute is not null
          and (c.clock >= w.begins - ahead and c.clock < w.ends or candidate >= o.begins_at - ahead and candidate < o.ends_at);
        if quiet_end is null then
            return nullif(candidate, p_at);
        end if;
        candidate := case when quiet_end > candidate then quiet_end else candidate + interval '1 minute' end;
        if candidate >= latest then
            return latest;
        end if;
    end loop;
end $$;

-- The people of a batch who are still to be written to, by their place in it: which country's rule they are under, and until when it
-- is quiet there; null for at once. Whose country nobody looked up is under the rules of all countries that share the calling code.
create or replace function app.quiet_people(p_tenant uuid, p_sending uuid, p_month date, p_numbers bigint[], p_settled int, p_at timestamptz)
returns table (place int, country text, until timestamptz)
language sql stable set search_path = pg_catalog, pg_temp as $$
    with codes as materialized (
        select k.calling_code, case when count(*) = 1 then min(k.country) end as country from infra.countries k group by k.calling_code),
    people as materialized (
        select n.place, coalesce(c.country, (select x.country from app.contacts x where x.tenant_id = p_tenant and x.number = n.number), '+' || c.calling_code) as country
        from (select u.place::int as place, u.number::text as number from unnest(p_numbers) with ordinality u (number, place) offset 0) n
        left join codes c1 on c1.calling_code = left(n.number, 1)
        left join codes c2 on c2.calling_code = left(n.number, 2)
        left join codes c3 on c3.calling_code = left(n.number, 3)
        cross join lateral (select coalesce(c1.country, c2.country, c3.country) as country, coalesce(c1.calling_code, c2.calling_code, c3.calling_code) as calling_code) c
        where not exists (select from app.skips s where s.tenant_id = p_tenant and s.sending_id = p_sending and s.number = n.number)
          and (p_settled = 0 or not exists (
              select from app.receipts r where r.tenant_id = p_tenant and r.month = p_month and r.sending_id = p_sending and r.number = n.number)))
    select p.place, p.country, k.until
    from people p
    left join (select d.country, app.quiet_until(p_tenant, d.country, p_at) as until from (select distinct country from people) d) k on k.country = p.country
$$;

revoke all on function app.quiet_until(uuid, text, timestamptz), app.quiet_people(uuid, uuid, date, bigint[], int, timestamptz),
    app.local_day(uuid), app.limits_now(uuid, uuid), app.lock_limits(uuid, boolean), app.take_quota(uuid, uuid, int, int),
    app.give_quota_back(uuid, uuid, int, int), app.allowed_countries(uuid), app.allowed_codes(uuid), app.sure_codes(uuid) from public;
