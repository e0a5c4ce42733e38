-- Months of messages and receipts: from the last month to two years ahead, and one for what nobody foresaw.
-- A partition is reached through its parent only: it has row-level security without a policy, and no grants.
do $$
declare
    parent text;
    month  date;
    name   text;
begin
    foreach parent in array array['messages', 'receipts'] loop
        for month in select generate_series(date_trunc('month', now() - interval '1 month'), date_trunc('month', now()) + interval '24 months', interval '1 month')::date loop
            name := parent || '_' || to_char(month, 'YYYY_MM');
            if to_regclass('app.' || name) is null then
                execute format('create table app.%I partition of app.%I for values in (%L)', name, parent, month);
            end if;
            execute format('alter table app.%I enable row level security', name);
            execute format('alter table app.%I force row level security', name);
        end loop;
        name := parent || '_other';
        if to_regclass('app.' || name) is null then
            execute format('create table app.%I partition of app.%I default', name, parent);
        end if;
        execute format('alter table app.%I enable row level security', name);
        execute format('alter table app.%I force row level security', name);
    end loop;
end $$;
