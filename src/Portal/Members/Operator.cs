using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>
/// Somebody who runs the portal: use cases over tenants take one. Read anew for each operation, so that the right taken
/// away is gone at once. Sees no message text, no secret, no full number.
/// </summary>
public sealed record Operator(Guid UserId, string Name)
{
    /// <summary>Whoever has a shell on the server; stands in audits as the portal itself.</summary>
    public static Operator Console { get; } = new(Guid.Empty, "console") { From = Origin.Console, Confirmed = true };

    /// <summary>Where the operator is, for the audit.</summary>
    public Origin? From { get; init; }

    /// <summary>Showed within the last minutes who they are.</summary>
    public bool Confirmed { get; init; }

    internal Guid? ActorId => UserId == Guid.Empty ? null : UserId;

    /// <summary>For what nothing brings back: a browser left open must not be enough.</summary>
    /// <exception cref="NotConfirmedException">The operator did not show lately who they are.</exception>
    internal void DemandConfirmed()
    {
        if (!Confirmed)
            throw new NotConfirmedException();
    }
}

/// <summary>The user as an operator; null when they are none. A delegate, so that a page can be tested without a database.</summary>
public delegate Task<Operator?> FindOperator(Guid userId, CancellationToken ct);

internal sealed class OperatorById(IDbContextFactory<IdentityDb> identity)
{
    public async Task<Operator?> RunAsync(Guid userId, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        var found = await db.Users.Where(u => u.Id == userId && u.IsOperator).Select(u => new { u.DisplayName, u.Email }).SingleOrDefaultAsync(ct);
        return found is null ? null : new(userId, found.DisplayName.Length > 0 ? found.DisplayName : found.Email!);
    }
}
