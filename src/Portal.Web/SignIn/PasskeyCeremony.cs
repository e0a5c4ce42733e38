using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Members;
using Portal.Web.Hosting;

namespace Portal.Web.SignIn;

/// <summary>
/// The two halves of making and of using a passkey. Between them the challenge lies in a sealed cookie for five minutes, and
/// counts once.
/// </summary>
internal sealed class PasskeyCeremony(
    IPasskeyHandler<User> handler, UserManager<User> users, IDataProtectionProvider protection, Tries tries, IOptions<PortalOptions> portal, ILogger<PasskeyCeremony> log)
{
    private static readonly TimeSpan _lasts = TimeSpan.FromMinutes(5);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Portal.SignIn.Passkey.v1").ToTimeLimitedDataProtector();

    private string Name => portal.Value.CookieName("portal.passkey");

    /// <summary>What the browser's <c>credentials.create</c> is to be given.</summary>
    public async Task<string> BeginCreationAsync(HttpContext context, Guid userId)
    {
        var user = await users.FindByIdAsync(userId.ToString()) ?? throw new InvalidOperationException("A passkey belongs to a person.");
        var entity = new PasskeyUserEntity { Id = userId.ToString(), Name = user.Email!, DisplayName = user.DisplayName.Length > 0 ? user.DisplayName : user.Email! };
        var options = await handler.MakeCreationOptionsAsync(entity, context);
        Keep(context, options.AttestationState);
        return options.CreationOptionsJson;
    }

    /// <summary>Null: what the browser sent is no new passkey for this person.</summary>
    public async Task<UserPasskeyInfo?> FinishCreationAsync(HttpContext context, Guid userId, string credential)
    {
        if (await TakeAsync(context) is not { } state)
            return null;
        var result = await handler.PerformAttestationAsync(new() { HttpContext = context, AttestationState = state, CredentialJson = credential });
        if (result.Succeeded && result.UserEntity.Id == userId.ToString())
            return result.Passkey;
        SignInLog.PasskeyRefused(log, result.Failure?.Message ?? "made for somebody else");
        return null;
    }

    /// <summary>What the browser's <c>credentials.get</c> is to be given: any passkey of this site.</summary>
    public async Task<string> BeginRequestAsync(HttpContext context)
    {
        var options = await handler.MakeRequestOptionsAsync(null, context);
        Keep(context, options.AssertionState);
        return options.RequestOptionsJson;
    }

    /// <summary>Whose passkey it is; null: it does not sign in.</summary>
    public async Task<(Guid UserId, UserPasskeyInfo Passkey)?> FinishRequestAsync(HttpContext context, string credential)
    {
        if (await TakeAsync(context) is not { } state)
            return null;
        var result = await handler.PerformAssertionAsync(new() { HttpContext = context, AssertionState = state, CredentialJson = credential });
        if (result.Succeeded)
            return (result.User.Id, result.Passkey);
        SignInLog.PasskeyRefused(log, result.Failure.Message);
        return null;
    }

    private void Keep(HttpContext context, string? state) => context.Response.Cookies.Append(
        Name,
        _protector.Protect(state ?? "", _lasts),
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = portal.Value.IsHttps, Path = "/", IsEssential = true, MaxAge = _lasts });

    private async Task<string?> TakeAsync(HttpContext context)
    {
        context.Response.Cookies.Delete(Name, new() { Path = "/", Secure = portal.Value.IsHttps });
        try
        {
            // A copy of cookie and answer sent again finds the challenge used.
            return context.Request.Cookies[Name] is { } kept && _protector.Unprotect(kept) is { } state && await tries.CountAsync("passkey|" + kept, 1, 2 * _lasts, context.RequestAborted)
                ? state
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
