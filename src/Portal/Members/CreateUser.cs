using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Portal.Members;

public sealed record CreateUserInput(string Email, string Password, string DisplayName = "", bool IsOperator = false);

/// <summary>Makes a person who can sign in. Problems: <c>email_invalid</c>, <c>email_taken</c>, and those of <see cref="PasswordRules"/>.</summary>
public sealed class CreateUser(IDbContextFactory<IdentityDb> identity, IPasswordHasher<User> hasher, ILookupNormalizer normalizer)
{
    private const int MaxEmail = 254;
    private static readonly EmailAddressAttribute _email = new();

    internal static bool IsEmail(string email) =>
        email.Length <= MaxEmail && _email.IsValid(email) && !email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));

    public async Task<Result<Guid>> RunAsync(CreateUserInput input, CancellationToken ct)
    {
        if (Check(input) is { Count: > 0 } problems)
            return problems;
        var user = Make(input);
        await using var db = await identity.CreateDbContextAsync(ct);
        db.Users.Add(user);
        try
        {
            await db.SaveChangesAsync(ct);
            return user.Id;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new Problem(nameof(input.Email), "email_taken", user.Email!);
        }
    }

    private static List<Problem> Check(CreateUserInput input)
    {
        var problems = new List<Problem>();
        if (!IsEmail(input.Email.Trim()))
            problems.Add(new(nameof(input.Email), "email_invalid"));
        if (PasswordRules.Check(nameof(input.Password), input.Password, input.Email, input.DisplayName) is { } problem)
            problems.Add(problem);
        return problems;
    }

    /// <summary>The person as a row, with nothing checked and nothing saved.</summary>
    internal User Make(CreateUserInput input)
    {
        var user = MakeWithoutPassword(input.Email, input.DisplayName, input.IsOperator);
        user.PasswordHash = hasher.HashPassword(user, input.Password);
        return user;
    }

    /// <summary>As <see cref="Make"/>, for somebody who comes in another way, until they choose a password through their mailbox.</summary>
    internal User MakeWithoutPassword(string typed, string displayName, bool isOperator = false)
    {
        var email = typed.Trim();
        return new User
        {
            Id = Guid.CreateVersion7(),
            UserName = email,
            NormalizedUserName = normalizer.NormalizeName(email),
            Email = email,
            NormalizedEmail = normalizer.NormalizeEmail(email),
            EmailConfirmed = true,
            DisplayName = displayName.Trim(),
            IsOperator = isOperator,
            LockoutEnabled = true,
            SecurityStamp = Guid.NewGuid().ToString("N"),
        };
    }
}
