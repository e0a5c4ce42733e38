using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Portal.Members;
using Portal.Web.Hosting;

namespace Portal.Web.SignIn;

/// <param name="Remember">As it was ticked beside the password.</param>
/// <param name="Stamp">Changes with the password: a step begun with the old one leads nowhere.</param>
internal sealed record FirstStep(Guid UserId, string Stamp, bool Remember);

/// <summary>Between password and second step: who it was, sealed, for ten minutes. It opens nothing but the second step.</summary>
internal sealed class StepCookie(IDataProtectionProvider protection, IOptions<PortalOptions> portal)
{
    private static readonly TimeSpan _lasts = TimeSpan.FromMinutes(10);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Portal.SignIn.Step.v1").ToTimeLimitedDataProtector();

    private string Name => portal.Value.CookieName("portal.step");

    public void Set(HttpContext context, FirstStep step) => context.Response.Cookies.Append(
        Name,
        _protector.Protect($"{step.UserId:N}|{step.Remember}|{step.Stamp}", _lasts),
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = portal.Value.IsHttps, Path = "/", IsEssential = true, MaxAge = _lasts });

    /// <summary>Null: there was none, or it is too old.</summary>
    public FirstStep? Read(HttpContext context)
    {
        try
        {
            return context.Request.Cookies[Name] is { } sealedStep && _protector.Unprotect(sealedStep).Split('|', 3) is [var user, var remember, var stamp]
                ? new(Guid.ParseExact(user, "N"), stamp, bool.Parse(remember))
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Clear(HttpContext context) => context.Response.Cookies.Delete(Name, new() { Path = "/", Secure = portal.Value.IsHttps });
}
