using Microsoft.AspNetCore.Identity;

namespace Portal.Members;

/// <summary>A person who signs in. Belongs to no tenant by itself: see <see cref="Membership"/>.</summary>
public sealed class User : IdentityUser<Guid>
{
    public string DisplayName { get; set; } = "";

    /// <summary>May administer tenants; sees no text, no secret, no full number.</summary>
    public bool IsOperator { get; set; }

    /// <summary><c>en</c> or <c>zh-Hans</c>; null follows the browser.</summary>
    public string? Culture { get; set; }
}
