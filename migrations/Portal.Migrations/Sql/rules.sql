-- The rules between an audience and a request. They run as whoever calls them, behind row-level security.

-- The tenant's day by the database's clock: the same throughout a transaction.
create or replace function app.local_day(p_tenant uuid) returns date
language sql stable set search_path = pg_catalog, pg_temp as $$
    select (now() at time zone s.time_zone)::date from app.tenant_settings s where s.tenant_id = p_tenant
$$;

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

-- The countries that a tenant may write to: its own and those that were added.
create or replace function app.allowed_countries(p_tenant uuid) returns text[]
language sql stable set search_path = pg_catalog, pg_temp as $$
    select array_append(s.extra_countries, s.country) from app.tenant_settings s where s.tenant_id = p_tenant
$$;

-- For numbers whose country nobody knows, the calling code decides: an expression that finds those of the allowed countries.
create or replace function app.allowed_codes(p_tenant uuid) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
    select '^(' || coalesce(string_agg(distinct c.calling_code, '|'), '-') || ')'
    from infra.countries c where c.country = any (app.allowed_countries(p_tenant))
$$;

-- Of those, the codes that belong to one country alone: a number below one needs no look at its contact.
create or replace function app.sure_codes(p_tenant uuid) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
    select '^(' || coalesce(string_agg(c.calling_code, '|'), '-') || ')'
    from (select calling_code, min(country) as country from infra.countries group by calling_code having count(*) = 1) c
    where c.country = any (app.allowed_countries(p_tenant))
$$;

revoke all on function app.local_day(uuid), app.limits_now(uuid, uuid), app.lock_limits(uuid, boolean), app.take_quota(uuid, uuid, int, int),
    app.give_quota_back(uuid, uuid, int, int), app.allowed_countries(uuid), app.allowed_codes(uuid), app.sure_codes(uuid) from public;
