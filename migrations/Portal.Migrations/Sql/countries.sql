-- What is known of countries, the same for every tenant: filled at each apply from the libraries that this program brings.
create table if not exists infra.countries (
    country      text primary key,
    calling_code text not null,
    -- IANA zones, those that this server knows; none: taken as UTC
    zones        text[] not null
);
