using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Portal.Members;
using Portal.Web.Hosting;

namespace Portal.Web.SignIn;

/// <summary>
/// Sign-in with a provider of OpenID Connect: authorization code with PKCE, state and nonce. What comes back says who somebody is at
/// the provider and signs nobody in; it lies in a sealed cookie for ten minutes, until <see cref="OpenIdEndpoints"/> or
/// <see cref="OpenIdPage"/> has made something of it.
/// </summary>
internal static class OpenIdSetup
{
    public const string Challenge = "openid";
    public const string Arrived = "openid-arrived";

    private static readonly TimeSpan _lasts = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _skew = TimeSpan.FromMinutes(1);
    private static readonly string[] _algorithms =
        [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384];

    private static readonly string[] _kept = [JwtRegisteredClaimNames.Iss, JwtRegisteredClaimNames.Sub, JwtRegisteredClaimNames.Email, "email_verified", JwtRegisteredClaimNames.Name];

    public static AuthenticationBuilder AddOpenId(this AuthenticationBuilder authentication, OpenIdOptions settings)
    {
        var services = authentication.Services;
        services.AddOptions<OpenIdOptions>().BindConfiguration(OpenIdOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OpenIdOptions>, OpenIdOptionsCheck>();
        if (!settings.IsSet)
            return authentication;
        services.AddOptions<CookieAuthenticationOptions>(Arrived).Configure<IOptions<PortalOptions>>(Configure);
        services.AddOptions<OpenIdConnectOptions>(Challenge).Configure<IOptions<OpenIdOptions>, IOptions<PortalOptions>>(Configure);
        return authentication.AddCookie(Arrived).AddOpenIdConnect(Challenge, _ => { });
    }

    /// <summary>Who somebody is at the provider; null: nobody has come from there.</summary>
    public static async Task<OpenIdAccount?> OpenIdAsync(this HttpContext context)
    {
        if (!context.RequestServices.GetRequiredService<IOptions<OpenIdOptions>>().Value.IsSet || (await context.AuthenticateAsync(Arrived)).Principal is not { } arrived)
            return null;
        var vouched = string.Equals(arrived.FindFirstValue("email_verified"), "true", StringComparison.OrdinalIgnoreCase);
        return new(
            arrived.FindFirstValue(JwtRegisteredClaimNames.Iss)!,
            arrived.FindFirstValue(JwtRegisteredClaimNames.Sub)!,
            vouched ? arrived.FindFirstValue(JwtRegisteredClaimNames.Email) : null,
            arrived.FindFirstValue(JwtRegisteredClaimNames.Name) ?? "");
    }

    private static void Configure(CookieAuthenticationOptions cookie, IOptions<PortalOptions> portal)
    {
        Configure(cookie.Cookie, portal.Value, "portal.openid");
        cookie.ExpireTimeSpan = _lasts;
        cookie.SlidingExpiration = false;
    }

    private static void Configure(OpenIdConnectOptions openId, IOptions<OpenIdOptions> settings, IOptions<PortalOptions> portal)
    {
        openId.SignInScheme = Arrived;
        openId.Authority = settings.Value.Authority;
        openId.RequireHttpsMetadata = new Uri(settings.Value.Authority).Scheme == Uri.UriSchemeHttps;
        openId.ClientId = settings.Value.ClientId;
        openId.ClientSecret = settings.Value.Secret;
        openId.CallbackPath = "/account/openid/answer";
        openId.SignedOutCallbackPath = "/account/openid/signed-out";
        openId.RemoteSignOutPath = PathString.Empty;
        openId.ResponseType = OpenIdConnectResponseType.Code;
        // The answer is a page load from the provider: it brings cookies that are Lax, a form from there would not.
        openId.ResponseMode = OpenIdConnectResponseMode.Query;
        openId.UsePkce = true;
        openId.SaveTokens = false;
        openId.MapInboundClaims = false;
        openId.GetClaimsFromUserInfoEndpoint = false;
        // By themselves they take the issuer away, which is half of who somebody is.
        openId.ClaimActions.Clear();
        openId.DisableTelemetry = true;
        openId.Scope.Clear();
        foreach (var scope in (string[])["openid", "email", "profile"])
            openId.Scope.Add(scope);
        openId.RemoteAuthenticationTimeout = _lasts;
        openId.BackchannelTimeout = _patience;
        openId.BackchannelHttpHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        openId.TokenValidationParameters.ClockSkew = _skew;
        openId.TokenValidationParameters.ValidAlgorithms = _algorithms;
        Configure(openId.CorrelationCookie, portal.Value, "portal.openid-state.");
        Configure(openId.NonceCookie, portal.Value, "portal.openid-nonce.");
        openId.Events = new()
        {
            OnRedirectToIdentityProvider = context =>
            {
                // People and the provider know the portal by one address, whatever name this request came under.
                context.ProtocolMessage.RedirectUri = new Uri(portal.Value.PublicAddress!, openId.CallbackPath).ToString();
                return Task.CompletedTask;
            },
            OnTokenValidated = context => Keep(context, settings.Value.Authority),
            OnRemoteFailure = FailAsync,
        };
    }

    private static void Configure(CookieBuilder cookie, PortalOptions portal, string name)
    {
        cookie.Name = portal.CookieName(name);
        cookie.Path = "/";
        cookie.HttpOnly = true;
        cookie.IsEssential = true;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = portal.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
    }

    // No more than is asked for later: the cookie stays small, and has no token. The token's issuer is that of the provider's own
    // description of itself; that this is the provider we were told of is asked here.
    private static Task Keep(TokenValidatedContext context, string authority)
    {
        if (!string.Equals(context.SecurityToken.Issuer.TrimEnd('/'), authority.TrimEnd('/'), StringComparison.Ordinal))
        {
            context.Fail(new SecurityTokenInvalidIssuerException("The provider calls itself by another address."));
            return Task.CompletedTask;
        }
        // A token that comes straight from the provider may do without a signature, says the protocol, and the library lets it. Not here.
        if (!_algorithms.Contains(context.SecurityToken.SignatureAlgorithm, StringComparer.Ordinal))
        {
            context.Fail(new SecurityTokenInvalidSignatureException("The token is not signed."));
            return Task.CompletedTask;
        }
        context.Principal = new(new ClaimsIdentity(context.Principal!.Claims.Where(c => _kept.Contains(c.Type)), Arrived));
        return Task.CompletedTask;
    }

    private static Task FailAsync(RemoteFailureContext context)
    {
        context.HttpContext.RefuseOpenId(context.Failure);
        context.HandleResponse();
        return Task.CompletedTask;
    }

    /// <summary>Whatever went wrong on the way: the person is told that it did, the log why.</summary>
    public static void RefuseOpenId(this HttpContext context, Exception? why)
    {
        var log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OpenIdSetup));
        SignInLog.OpenIdRefused(log, why?.GetType().Name ?? "unknown", context.NetworkOf());
        context.Response.Redirect("/account/sign-in?done=openid-failed");
    }
}
