using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Sms.Numbers;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>
/// Registers a number of the tenant's own people (role Manager). Problems at <c>Number</c>: <c>number_…</c> (why it is none),
/// <c>own_known</c>, <c>own_full</c>.
/// </summary>
public sealed class AddOwnNumber(PortalDbFactory dbs, TimeProvider clock)
{
    /// <param name="typed">As a person writes it; without a country code it is read for the tenant's country.</param>
    public async Task<Result<string>> RunAsync(Member member, string typed, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Two at once line up here: each sees the slots that are left.
        var settings = await db.LockSettingsAsync(ct);
        var parsed = PhoneNumbers.Parse(typed, settings.Country);
        if (parsed.Number is not { } number)
            return new Problem("Number", "number_" + Words.Of(parsed.Problem));
        var own = await db.Set<OwnNumber>().AsNoTracking().ToListAsync(ct);
        if (own.Exists(n => n.Number == number))
            return new Problem("Number", "own_known");
        if (own.Count >= OwnNumber.Most)
            return new Problem("Number", "own_full", OwnNumber.Most);
        var now = clock.GetUtcNow();
        var slot = Enumerable.Range(1, OwnNumber.Most).First(s => own.TrueForAll(n => n.Slot != s));
        db.AddRange(
            new OwnNumber { TenantId = member.TenantId, Slot = (short)slot, Number = number, AddedAt = now, AddedByName = member.Name[..Math.Min(100, member.Name.Length)] },
            member.Changed(AuditActions.OwnNumberAdded, now, PhoneNumbers.Mask(number)));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return number;
    }
}
