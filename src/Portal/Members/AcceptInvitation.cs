using System.Linq.Expressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Members;

public sealed record AcceptInput(string Code, string Name, string Password);

/// <summary>Where an accepted invitation leads.</summary>
public sealed record Joined(SignedIn Person, string Slug);

/// <summary>
/// Takes an invitation up. With its code a new person chooses a name and a password; somebody with a sign-in joins when signed
/// in with the invited address. Either way the invitation is used up in the transaction that makes the member. Problems:
/// <c>invitation_gone</c>, <c>sign_in_first</c>, <c>name_missing</c>, <c>name_long</c>, and those of <see cref="PasswordRules"/>.
/// </summary>
public sealed class AcceptInvitation(Databases databases, CreateUser createUser, OpenInvitations open, LiveFeed live, TimeProvider clock)
{
    public const int MaxName = 100;

    public async Task<Result<Joined>> RunAsync(AcceptInput input, Origin from, CancellationToken ct)
    {
        if (await open.ByCodeAsync(input.Code, ct) is not { } invitation)
            return new Problem("", "invitation_gone");
        if (invitation.HasSignIn)
            return new Problem("", "sign_in_first");
        input = input with { Name = input.Name.Trim() };
        if (Check(input, invitation).ToList() is { Count: > 0 } problems)
            return problems;
        var user = createUser.Make(new(invitation.Email, input.Password, input.Name));
        var hash = MailCode.HashOf(input.Code);
        return await JoinAsync(invitation, user.Id, i => i.CodeHash == hash, user, from, ct);
    }

    /// <summary>For a person who is signed in; <paramref name="id"/> is one of their open invitations.</summary>
    public async Task<Result<Joined>> JoinAsync(Guid userId, Guid id, Origin from, CancellationToken ct)
    {
        if ((await open.OfAsync(userId, ct)).SingleOrDefault(i => i.Id == id) is not { } invitation)
            return new Problem("", "invitation_gone");
        return await JoinAsync(invitation, userId, _ => true, null, from, ct);
    }

    /// <summary>
    /// For a new person whom a provider of OpenID Connect vouches for: <paramref name="id"/> is an invitation to the address that it
    /// vouches for. Person, link and membership are one transaction; there is no password.
    /// </summary>
    internal async Task<Result<Joined>> JoinAsync(OpenIdAccount account, string normalizedEmail, Guid id, string name, Origin from, CancellationToken ct)
    {
        if ((await open.ToAsync(normalizedEmail, ct)).SingleOrDefault(i => i.Id == id) is not { } invitation)
            return new Problem("", "invitation_gone");
        if (invitation.HasSignIn)
            return new Problem("", "sign_in_first");
        if (CheckName(name) is { } problem)
            return problem;
        var user = createUser.MakeWithoutPassword(invitation.Email, name);
        return await JoinAsync(invitation, user.Id, _ => true, user, from, ct, OpenIdLogins.RowOf(user.Id, account));
    }

    private static Problem? CheckName(string name) => name.Trim().Length switch
    {
        0 => new(nameof(AcceptInput.Name), "name_missing"),
        > MaxName => new(nameof(AcceptInput.Name), "name_long", MaxName),
        _ => null,
    };

    private static IEnumerable<Problem> Check(AcceptInput input, InvitationView invitation)
    {
        if (CheckName(input.Name) is { } wrong)
            yield return wrong;
        if (PasswordRules.Check(nameof(input.Password), input.Password, invitation.Email, input.Name, invitation.Tenant) is { } problem)
            yield return problem;
    }

    private async Task<Result<Joined>> JoinAsync(
        InvitationView invitation, Guid userId, Expression<Func<Invitation, bool>> still, User? newUser, Origin from, CancellationToken ct, IdentityUserLogin<Guid>? login = null)
    {
        var now = clock.GetUtcNow();
        await using var work = await TeamWork.BeginAsync(databases, new(invitation.TenantId) { From = from }, ct);
        // Whoever deletes the row is the one who joins.
        if (await work.Register.Invitations.Where(i => i.Id == invitation.Id && i.ExpiresAt > now).Where(still).ExecuteDeleteAsync(ct) == 0)
            return new Problem("", "invitation_gone");
        if (newUser is not null)
            work.Register.Add(newUser);
        if (login is not null)
            work.Register.Add(login);
        if (newUser is not null || !await work.Register.Memberships.AnyAsync(m => m.TenantId == invitation.TenantId && m.UserId == userId, ct))
            work.Register.Add(new Membership { TenantId = invitation.TenantId, UserId = userId, Role = invitation.Role, CreatedAt = now });
        work.Note(userId, userId, AuditActions.MemberJoined, now, newUser?.DisplayName ?? await work.NameAsync(userId, ct), Words.Of(invitation.Role));
        var slug = await work.Register.Tenants.Where(t => t.Id == invitation.TenantId).Select(t => t.Slug).SingleAsync(ct);
        try
        {
            await work.CommitAsync(ct);
            live.Publish(invitation.TenantId, invitation.TenantId);
            return new Joined(new(userId, invitation.Email, newUser?.SecurityStamp ?? ""), slug);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Somebody made a sign-in for this address in between.
            return new Problem("", "sign_in_first");
        }
    }
}
