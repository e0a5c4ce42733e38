using Portal.Members;

namespace Portal.Web.Operators;

/// <summary>What an operator has typed of a new tenant.</summary>
public sealed class TenantDraft
{
    public string Name { get; set; } = "";

    public string Slug { get; set; } = "";

    public string OwnerEmail { get; set; } = "";

    public string TimeZone { get; set; } = "Asia/Shanghai";

    public string Country { get; set; } = "CN";

    /// <summary>Its members need a second factor.</summary>
    public bool DemandsFactor { get; set; } = true;

    public CreateTenantInput Input => new(Name, Slug, OwnerEmail, TimeZone, Country, DemandsFactor: DemandsFactor);
}
