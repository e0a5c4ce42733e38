using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Portal.Members;
using Portal.Web.Tenants;

namespace Portal.Web.SignIn;

/// <summary>
/// Keeps tickets in the database: the cookie holds a random id, the table its SHA-256 and the ticket, sealed. So a sign-in
/// can be ended from here, and a cookie that was copied before signing out is worth nothing afterwards.
/// </summary>
internal sealed class SessionTicketStore(Sessions sessions, IDataProtectionProvider protection, TimeProvider clock) : ITicketStore
{
    // Not each request writes: the idle time is exact to this.
    private static readonly TimeSpan _touchEvery = TimeSpan.FromMinutes(1);

    private readonly IDataProtector _protector = protection.CreateProtector("Portal.SignIn.Ticket.v1");

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var user = ticket.Principal.UserId() ?? throw new InvalidOperationException("A session belongs to a user.");
        var id = SessionId.Of(key);
        ((ClaimsIdentity)ticket.Principal.Identity!).AddClaim(new(SessionId.Claim, Base64Url.EncodeToString(id)));
        await sessions.AddAsync(id, user, Seal(ticket), PersonSignIn.Facts(ticket.Properties), CancellationToken.None);
        return key;
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket) =>
        sessions.ReplaceTicketAsync(SessionId.Of(key), Seal(ticket), CancellationToken.None);

    public Task<AuthenticationTicket?> RetrieveAsync(string key) => RetrieveAsync(key, CancellationToken.None);

    public async Task<AuthenticationTicket?> RetrieveAsync(string key, CancellationToken cancellationToken)
    {
        var id = SessionId.Of(key);
        if (await sessions.FindAsync(id, cancellationToken) is not { } session || Open(session.Ticket) is not { } ticket)
            return null;
        if (session.LastUsedAt < clock.GetUtcNow() - _touchEvery)
            await sessions.TouchAsync(id, cancellationToken);
        // The row says when it ends, not what was true at sign-in.
        ticket.Properties.ExpiresUtc = session.ExpiresAt;
        return ticket;
    }

    public Task RemoveAsync(string key) => sessions.EndAsync(SessionId.Of(key), CancellationToken.None);

    private byte[] Seal(AuthenticationTicket ticket) => _protector.Protect(TicketSerializer.Default.Serialize(ticket));

    private AuthenticationTicket? Open(byte[] ticket)
    {
        try
        {
            return TicketSerializer.Default.Deserialize(_protector.Unprotect(ticket));
        }
        catch (CryptographicException)
        {
            // Sealed with keys that are gone: the person signs in again.
            return null;
        }
    }
}

/// <summary>The id of a session as the table and the circuits know it; the cookie's own value stays in the cookie.</summary>
internal static class SessionId
{
    public const string Claim = "portal:session";

    public static byte[] Of(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    public static byte[]? Of(ClaimsPrincipal principal) =>
        principal.FindFirstValue(Claim) is { } id ? Base64Url.DecodeFromChars(id) : null;
}
