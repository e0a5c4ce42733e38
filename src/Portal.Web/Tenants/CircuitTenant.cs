using Portal.Tenants;

namespace Portal.Web.Tenants;

/// <summary>The one tenant that this circuit serves; null until its first tenant page.</summary>
public sealed class CircuitTenant
{
    public string? Slug { get; private set; }

    /// <summary>The role that its pages were drawn for.</summary>
    public MemberRole? Role { get; private set; }

    /// <summary>False when the circuit belongs to another tenant: the browser must load the page anew.</summary>
    public bool TryEnter(string slug)
    {
        Slug ??= slug;
        return Slug == slug;
    }

    public void Drawn(MemberRole role) => Role = role;
}
