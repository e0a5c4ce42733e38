using Portal.Data;

namespace Portal.Tenants;

/// <summary>What a member may do; each role may do what the ones before it may.</summary>
public enum MemberRole { Viewer, Sender, Manager, Owner }

/// <summary>
/// Somebody who acts in a tenant: every use case takes one and checks the role itself. Read anew for each operation,
/// so that a right taken away is gone at once.
/// </summary>
public sealed record Member(Guid TenantId, Guid UserId, string Name, MemberRole Role)
{
    /// <summary>With where the person is, for the audit. An operator who looks in cannot write through it.</summary>
    public TenantScope Scope => new(TenantId) { From = From, ReadOnly = Acting };

    /// <summary>Where the person is; null for work that nobody waits for.</summary>
    public Origin? From { get; init; }

    /// <summary>An operator who acts for the tenant: reads as a viewer does, and nothing else.</summary>
    public bool Acting { get; init; }

    /// <summary>The person showed within the last minutes who they are.</summary>
    public bool Confirmed { get; init; }

    public bool Is(MemberRole atLeast) => Role >= atLeast;

    /// <exception cref="NotAllowedException">The member's role is too low.</exception>
    public void Demand(MemberRole atLeast)
    {
        if (!Is(atLeast) || (Acting && atLeast > MemberRole.Viewer))
            throw new NotAllowedException($"This needs the role {atLeast}.");
    }

    /// <summary>As <see cref="Demand"/>, for secrets and members: a browser left open must not be enough.</summary>
    /// <exception cref="NotConfirmedException">The person did not show lately who they are.</exception>
    public void DemandConfirmed(MemberRole atLeast)
    {
        Demand(atLeast);
        if (Acting)
            throw new NotAllowedException("Not while acting for the tenant.");
        if (!Confirmed)
            throw new NotConfirmedException();
    }
}

/// <summary>An operation that asks the person to show first who they are. The page should have asked.</summary>
public sealed class NotConfirmedException() : Exception("This needs a fresh confirmation of the person.");

/// <summary>An operation that this member may not do. The page should not have offered it.</summary>
public sealed class NotAllowedException(string message) : Exception(message);
