using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Members;
using Portal.Web.Hosting;

namespace Portal.Web.SignIn;

/// <summary>Who a request or a circuit belongs to: cookie, session, keys, policies.</summary>
internal static class SignInServices
{
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;

    public static IServiceCollection AddSignIn(this IServiceCollection services, OpenIdOptions openId)
    {
        services.AddDataProtection().SetApplicationName("portal").PersistKeysToDbContext<IdentityDb>();
        services.AddOptions<KeyManagementOptions>().Configure<Vault.Vault>((o, vault) => o.XmlEncryptor = new VaultXmlEncryptor(vault));

        services.AddSingleton<ITicketStore, SessionTicketStore>();
        services.AddAuthentication(Scheme).AddCookie(Scheme).AddOpenId(openId);
        services.AddOptions<CookieAuthenticationOptions>(Scheme).Configure<ITicketStore, IOptions<PortalOptions>>(Configure);
        services.AddOptions<AntiforgeryOptions>().Configure<IOptions<PortalOptions>>((o, portal) =>
        {
            o.Cookie.Name = portal.Value.CookieName("portal.forgery");
            o.Cookie.Path = "/";
            o.Cookie.SecurePolicy = SecureOf(portal.Value);
        });

        services.AddSingleton<StepCookie>();
        services.AddScoped<PasskeyCeremony>();
        services.AddScoped<IPasskeyHandler<User>, PasskeyHandler<User>>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<IOptions<PortalOptions>>((o, portal) => Configure(o, portal.Value.PublicAddress!));
        services.AddScoped<ConfirmAgain>();
        services.AddSingleton<IAuthorizationHandler, OperatorHandler>();
        services.AddAuthorizationBuilder()
            .AddPolicy(OperatorPolicy.Name, p => p.RequireAuthenticatedUser().AddRequirements(new OperatorRequirement()))
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());

        services.AddScoped<CircuitRights>();
        services.AddScoped<AuthenticationStateProvider, SessionRevalidation>();
        services.AddScoped<CircuitHandler, SessionActivity>();
        return services;
    }

    // Behind a proxy the request itself may be plain: what counts is how browsers reach us.
    private static CookieSecurePolicy SecureOf(PortalOptions portal) => portal.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;

    // What a browser is asked for does not hang on the name under which the request came.
    private static void Configure(IdentityPasskeyOptions options, Uri address)
    {
        options.ServerDomain = address.Host;
        options.ValidateOrigin = context => ValueTask.FromResult(
            !context.CrossOrigin && Uri.TryCreate(context.Origin, UriKind.Absolute, out var origin)
            && Uri.Compare(origin, address, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0);
        options.UserVerificationRequirement = "required";
        options.ResidentKeyRequirement = "required";
    }

    private static void Configure(CookieAuthenticationOptions options, ITicketStore store, IOptions<PortalOptions> portal)
    {
        options.SessionStore = store;
        options.Cookie.Name = portal.Value.CookieName("portal.session");
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = SecureOf(portal.Value);
        // How long is the store's to say; this is only as long as a remembered cookie may be.
        options.ExpireTimeSpan = Sessions.Remembered;
        options.SlidingExpiration = false;
        options.LoginPath = "/account/sign-in";
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnValidatePrincipal = Network.RememberAsync;
        options.Events.OnRedirectToAccessDenied = OperatorPolicy.RefuseAsync;
    }
}
