using Portal.Tenants;

namespace Portal.Web.Tenants;

/// <summary>
/// What the id in a page's or a download's address is of. <see cref="TenantGateMiddleware"/> answers 404 where the tenant has no
/// such thing: an address with an id and without this is refused.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PageAboutAttribute(Subject subject) : Attribute
{
    /// <summary>Name of the id in the address.</summary>
    public const string Key = "Id";

    public Subject Subject => subject;
}
