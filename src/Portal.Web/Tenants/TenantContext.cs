using Portal.Members;

namespace Portal.Web.Tenants;

/// <summary>The tenant whose page this is. Cascaded around every page below <c>/t/{slug}</c>.</summary>
/// <param name="Slug">Stands in the address.</param>
/// <param name="TimeZone">IANA zone in which times are entered and shown.</param>
/// <param name="Country">ISO 3166 region: reads numbers without a country code where a person asks for it.</param>
public sealed record TenantContext(Guid Id, string Slug, string Name, string TimeZone, string Country)
{
    internal static TenantContext Of(TenantMembership membership) =>
        new(membership.TenantId, membership.Slug, membership.Name, membership.TimeZone, membership.Country);
}
