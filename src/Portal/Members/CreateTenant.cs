using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <param name="Slug">Empty: made from the name.</param>
/// <param name="OwnerPassword">For an owner who is new; null: one is generated.</param>
/// <param name="TimeZone">IANA zone.</param>
/// <param name="Country">ISO 3166, two capital letters.</param>
/// <param name="Trial">It begins in trial, until an operator lifts it.</param>
/// <param name="DemandsFactor">Its members come in with two factors only, until an owner lets go of that.</param>
public sealed record CreateTenantInput(
    string Name, string Slug, string OwnerEmail, string TimeZone = "Asia/Shanghai", string Country = "CN", string? OwnerPassword = null, bool Trial = true,
    bool DemandsFactor = false);

/// <param name="GeneratedPassword">Of a new owner, to be shown once; null when the owner had one already or was given one.</param>
public sealed record CreatedTenant(Guid Id, string Slug, string OwnerEmail, string? GeneratedPassword);

/// <summary>
/// Makes a tenant with its settings, its key and its owner. Problems: <c>name_missing</c>, <c>name_long</c>, <c>slug_missing</c>,
/// <c>slug_invalid</c>, <c>slug_taken</c>, <c>email_invalid</c>, <c>zone_unknown</c>, <c>country_unknown</c>, and those of <see cref="PasswordRules"/>.
/// </summary>
public sealed class CreateTenant(
    Databases databases,
    IDbContextFactory<IdentityDb> identity,
    CreateUser createUser,
    ILookupNormalizer normalizer,
    Vault.Vault vault,
    TimeProvider clock)
{
    public async Task<Result<CreatedTenant>> RunAsync(Operator by, CreateTenantInput input, CancellationToken ct)
    {
        input = Tidy(input);
        if (TenantRules.Check(input).ToList() is { Count: > 0 } problems)
            return problems;
        if (await IsTakenAsync(input.Slug, ct))
            return SlugTaken(input);

        var existing = await FindUserAsync(input.OwnerEmail, ct);
        var password = existing is null ? input.OwnerPassword ?? PasswordRules.Generate() : null;
        var tenant = Guid.CreateVersion7();
        // The key before the tenant: a tenant that is there can seal.
        await vault.CreateTenantKeyAsync(tenant, ct);
        var owner = existing ?? await NewOwnerAsync(input.OwnerEmail, password!, ct);
        if (await WriteAsync(by, tenant, owner, input, ct))
            return new CreatedTenant(tenant, input.Slug, input.OwnerEmail, input.OwnerPassword is null ? password : null);

        // Somebody took the slug in between.
        await vault.DeleteTenantAsync(tenant, CancellationToken.None);
        if (existing is null)
            await RemoveUserAsync(owner);
        return SlugTaken(input);
    }

    private static CreateTenantInput Tidy(CreateTenantInput input)
    {
        var name = input.Name.Trim();
        var slug = input.Slug.Trim().ToLowerInvariant();
        return input with
        {
            Name = name,
            Slug = slug.Length > 0 ? slug : TenantRules.SlugOf(name),
            OwnerEmail = input.OwnerEmail.Trim(),
            TimeZone = input.TimeZone.Trim(),
            Country = input.Country.Trim().ToUpperInvariant(),
        };
    }

    private static Problem SlugTaken(CreateTenantInput input) => new(nameof(input.Slug), "slug_taken", input.Slug);

    private async Task<bool> IsTakenAsync(string slug, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        return await db.Tenants.AnyAsync(t => t.Slug == slug, ct);
    }

    private async Task<Guid?> FindUserAsync(string email, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        var normalized = normalizer.NormalizeEmail(email);
        return await db.Users.Where(u => u.NormalizedEmail == normalized).Select(u => (Guid?)u.Id).SingleOrDefaultAsync(ct);
    }

    private async Task<Guid> NewOwnerAsync(string email, string password, CancellationToken ct) =>
        (await createUser.RunAsync(new(email, password), ct)).Value;

    // Nobody knows the password that was just made.
    private async Task RemoveUserAsync(Guid id)
    {
        await using var db = await identity.CreateDbContextAsync(CancellationToken.None);
        await db.Users.Where(u => u.Id == id).ExecuteDeleteAsync(CancellationToken.None);
    }

    private async Task<bool> WriteAsync(Operator by, Guid tenant, Guid owner, CreateTenantInput input, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await OperatorWork.BeginAsync(databases, new(tenant), ct);
        work.Register.Add(new Tenant { Id = tenant, Slug = input.Slug, Name = input.Name, CreatedAt = now, DemandsFactor = input.DemandsFactor });
        work.Register.Add(new Membership { TenantId = tenant, UserId = owner, Role = MemberRole.Owner, CreatedAt = now });
        work.App.Add(new TenantSettings { TenantId = tenant, TimeZone = input.TimeZone, Country = input.Country });
        if (input.Trial)
            work.App.Add(new Trial { TenantId = tenant, Since = now });
        work.Note(by, AuditActions.TenantCreated, now, input.Name);
        try
        {
            await work.CommitAsync(ct);
            return true;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "tenants" })
        {
            return false;
        }
    }
}
