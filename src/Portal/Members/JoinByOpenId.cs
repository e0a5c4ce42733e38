using Portal.Data;

namespace Portal.Members;

/// <summary>
/// A new person comes in by an open invitation to the address that a provider of OpenID Connect vouches for; nobody comes in
/// otherwise. Problems: those of <see cref="AcceptInvitation"/>.
/// </summary>
public sealed class JoinByOpenId(OpenIdLogins logins, OpenInvitations open, AcceptInvitation accept)
{
    public async Task<IReadOnlyList<InvitationView>> InvitationsAsync(OpenIdAccount account, CancellationToken ct) =>
        logins.Normalized(account) is { } email ? await open.ToAsync(email, ct) : [];

    public async Task<Result<Joined>> RunAsync(OpenIdAccount account, Guid invitation, string name, Origin from, CancellationToken ct) =>
        logins.Normalized(account) is { } email ? await accept.JoinAsync(account, email, invitation, name, from, ct) : new Problem("", "invitation_gone");
}
