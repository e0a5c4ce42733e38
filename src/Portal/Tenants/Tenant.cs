namespace Portal.Tenants;

public enum TenantState { Active, Suspended }

/// <summary>
/// A company that uses the portal. Lies in schema <c>ident</c>, because its slug is looked up before a tenant is known;
/// everything else of a tenant lies in schema <c>app</c>.
/// </summary>
public sealed class Tenant
{
    public Guid Id { get; init; }

    /// <summary>Stands in every address of the tenant: <c>/t/{slug}/…</c>.</summary>
    public required string Slug { get; init; }

    public required string Name { get; set; }

    public TenantState State { get; set; }

    public string? SuspendedWhy { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its members come in with two factors only. Where the installation demands it of everybody this does not matter.</summary>
    public bool DemandsFactor { get; set; }

    /// <summary>It is deleted then, with everything; null: nobody asked for that. Can be called off until it begins.</summary>
    public DateTimeOffset? DeleteAt { get; set; }

    /// <summary>The deletion has begun: its keys are gone, and nothing brings it back.</summary>
    public DateTimeOffset? DeletingSince { get; set; }
}
