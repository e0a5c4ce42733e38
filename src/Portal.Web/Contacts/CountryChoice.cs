using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Sms.Numbers;

namespace Portal.Web.Contacts;

/// <summary>A country that numbers without a country code can be read for.</summary>
/// <param name="Region">Two letters.</param>
internal sealed record CountryChoice(string Region, string Name, string CallingCode)
{
    /// <summary>All of them by name in the person's language; the tenant's own stands first.</summary>
    public static IReadOnlyList<CountryChoice> All(IStringLocalizer<CountriesText> names, string own)
    {
        var byName = StringComparer.Create(CultureInfo.CurrentUICulture, CompareOptions.IgnoreCase);
        return
        [
            .. PhoneNumbers.Regions
                .Select(r => new CountryChoice(r, names[r], PhoneNumbers.CountryCallingCode(r)))
                .OrderByDescending(c => c.Region == own).ThenBy(c => c.Name, byName),
        ];
    }
}
