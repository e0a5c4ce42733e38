using System.Globalization;
using System.Text;

namespace Portal.Members;

/// <summary>What a tenant's name, slug, zone and country must be.</summary>
internal static class TenantRules
{
    private const int MaxName = 100;
    private const int MaxSlug = 40;

    /// <summary>Lower case letters and digits of the name, joined by single dashes; empty for a name without any.</summary>
    public static string SlugOf(string name)
    {
        var slug = new StringBuilder(MaxSlug);
        foreach (var c in name.Normalize(NormalizationForm.FormKD).Where(char.IsAscii).Select(char.ToLowerInvariant))
        {
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        return slug.ToString(0, Math.Min(slug.Length, MaxSlug)).Trim('-');
    }

    public static IEnumerable<Problem> Check(CreateTenantInput input)
    {
        if (input.Name.Length == 0)
            yield return new(nameof(input.Name), "name_missing");
        else if (input.Name.Length > MaxName)
            yield return new(nameof(input.Name), "name_long", MaxName);
        else if (input.Slug.Length == 0)
            yield return new(nameof(input.Slug), "slug_missing");

        if (input.Slug.Length > 0 && !IsSlug(input.Slug))
            yield return new(nameof(input.Slug), "slug_invalid", MaxSlug);

        if (!CreateUser.IsEmail(input.OwnerEmail))
            yield return new(nameof(input.OwnerEmail), "email_invalid");
        if (input.OwnerPassword is { } password && PasswordRules.Check(nameof(input.OwnerPassword), password, input.OwnerEmail, input.Name) is { } problem)
            yield return problem;
        if (!IsZone(input.TimeZone))
            yield return new(nameof(input.TimeZone), "zone_unknown", input.TimeZone);
        if (!IsCountry(input.Country))
            yield return new(nameof(input.Country), "country_unknown", input.Country);
    }

    // As ck_tenants_slug says.
    private static bool IsSlug(string slug) =>
        slug.Length is >= 2 and <= MaxSlug && slug[0] != '-' && slug[^1] != '-'
        && slug.All(c => c == '-' || char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c));

    private static bool IsZone(string zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) && found.HasIanaId;

    private static bool IsCountry(string country)
    {
        if (country is not [>= 'A' and <= 'Z', >= 'A' and <= 'Z'])
            return false;
        try
        {
            return new RegionInfo(country).TwoLetterISORegionName == country;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
