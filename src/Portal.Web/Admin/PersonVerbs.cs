using Microsoft.AspNetCore.Identity;
using Portal.Members;

namespace Portal.Web.Admin;

/// <summary>What a shell can do about how a person signs in.</summary>
internal sealed class PersonVerbs(IHostEnvironment host, ChangeFactors factors, EndSessions sessions, FactorCode code, ILookupNormalizer normalizer)
{
    /// <summary>For somebody who lost everything: they sign in with the password, and set up anew.</summary>
    public async Task<Result<AdminAnswer>> ResetAsync(string email, CancellationToken ct) =>
        await factors.ResetAsync(normalizer.NormalizeEmail(email.Trim()), ct) is { } known
            ? new AdminAnswer { Person = new(known, null) }
            : new Problem("", "person_unknown", email);

    public async Task<Result<AdminAnswer>> SignOutAsync(string email, CancellationToken ct) =>
        await sessions.RunAsync(normalizer.NormalizeEmail(email.Trim()), ct) is { } ended
            ? new AdminAnswer { Person = new(ended.Email, null), Sessions = ended.Sessions }
            : new Problem("", "person_unknown", email);

    /// <summary>So that a development run can be tried without a phone. Whoever has this shell has the keys anyway; elsewhere it is refused.</summary>
    public async Task<Result<AdminAnswer>> CodeAsync(string email, CancellationToken ct)
    {
        if (!host.IsDevelopment())
            return new Problem("", "demo_not_here");
        return await code.OfAsync(normalizer.NormalizeEmail(email.Trim()), ct) is { } now
            ? new AdminAnswer { Code = now }
            : new Problem("", "person_no_app", email);
    }
}
