using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <param name="Culture">The inviter's language: <c>en</c> or <c>zh-Hans</c>.</param>
public sealed record InviteInput(string Email, MemberRole Role, string Culture);

/// <summary>
/// Invites a person by e-mail (role Manager; nobody gives a role above their own). The answer is the same whether or not the
/// person has a sign-in here. Problems: <c>email_invalid</c>, <c>role_above</c>, <c>member_already</c>, <c>invited_already</c>,
/// <c>invitations_many</c>.
/// </summary>
public sealed class InviteMember(Databases databases, ILookupNormalizer normalizer, TimeProvider clock)
{
    public const int Most = 50;

    public static readonly TimeSpan Lasts = TimeSpan.FromDays(7);

    public async Task<Result<Guid>> RunAsync(Member member, InviteInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        var email = input.Email.Trim();
        if (!CreateUser.IsEmail(email))
            return new Problem(nameof(input.Email), "email_invalid");
        if (input.Role > member.Role)
            return new Problem(nameof(input.Role), "role_above");
        var invitation = Make(member, input with { Email = email });
        await using var work = await TeamWork.BeginAsync(databases, member.Scope, ct);
        if (await RefusalAsync(work, invitation, ct) is { } problem)
            return problem;
        work.Register.Add(invitation);
        work.Register.Add(LetterOf(invitation));
        work.Note(member.UserId, invitation.Id, AuditActions.MemberInvited, invitation.AskedAt, member.Name, email, Words.Of(input.Role));
        try
        {
            await work.CommitAsync(ct);
            return invitation.Id;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new Problem(nameof(input.Email), "invited_already", email);
        }
    }

    internal static Letter LetterOf(Invitation invitation) => new()
    {
        Kind = LetterKind.Invitation,
        Email = invitation.Email,
        InvitationId = invitation.Id,
        Culture = invitation.Culture,
        CreatedAt = invitation.AskedAt,
        NextAt = invitation.AskedAt,
    };

    private static async Task<Problem?> RefusalAsync(TeamWork work, Invitation invitation, CancellationToken ct)
    {
        var db = work.Register;
        // One that has expired makes room for a new one.
        await db.Invitations.Where(i => i.TenantId == invitation.TenantId && i.ExpiresAt <= invitation.AskedAt).ExecuteDeleteAsync(ct);
        if (await db.Memberships.AnyAsync(
            m => m.TenantId == invitation.TenantId && db.Users.Any(u => u.Id == m.UserId && u.NormalizedEmail == invitation.NormalizedEmail), ct))
        {
            return new("Email", "member_already", invitation.Email);
        }
        return await db.Invitations.CountAsync(i => i.TenantId == invitation.TenantId, ct) >= Most ? new("Email", "invitations_many", Most) : null;
    }

    private Invitation Make(Member member, InviteInput input)
    {
        var now = clock.GetUtcNow();
        return new()
        {
            Id = Guid.CreateVersion7(),
            TenantId = member.TenantId,
            Email = input.Email,
            NormalizedEmail = normalizer.NormalizeEmail(input.Email),
            Role = input.Role,
            InvitedBy = member.UserId,
            Culture = input.Culture,
            AskedAt = now,
            ExpiresAt = now + Lasts,
        };
    }
}
