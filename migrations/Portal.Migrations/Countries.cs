using NodaTime.TimeZones;
using Portal.Sms.Numbers;

namespace Portal.Migrations;

/// <summary>Calling codes from libphonenumber and zones from tzdata, as SQL that fills <c>infra.countries</c>.</summary>
internal static class Countries
{
    public static string Sql()
    {
        var zones = TzdbDateTimeZoneSource.Default.Zone1970Locations!
            .SelectMany(l => l.Countries, (l, c) => (c.Code, l.ZoneId)).ToLookup(z => z.Code, z => z.ZoneId, StringComparer.Ordinal);
        // Codes and zone names hold letters, digits and / _ + - only: nothing in them needs quoting.
        var rows = PhoneNumbers.Regions.Select(r => $"('{r}', '{PhoneNumbers.CountryCallingCode(r)}', '{{{string.Join(',', zones[r].Order(StringComparer.Ordinal))}}}'::text[])");
        return $"""
            insert into infra.countries (country, calling_code, zones)
            select c.country, c.code, array(select z from unnest(c.zones) z where z = any ((select array_agg(n.name) from pg_timezone_names n)::text[]))
            from (values {string.Join(",\n", rows)}) c (country, code, zones)
            on conflict (country) do update set calling_code = excluded.calling_code, zones = excluded.zones
            """;
    }
}
