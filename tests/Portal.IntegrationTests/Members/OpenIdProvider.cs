using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Portal.IntegrationTests.Members;

/// <summary>A small provider of OpenID Connect: everybody who asks is <see cref="Person"/>. A test may have it say something wrong.</summary>
public sealed class OpenIdProvider : IAsyncDisposable
{
    public const string ClientId = "portal-at-the-provider";
    public const string Secret = "canary-client-secret-of-the-portal";

    public const string AccessToken = "canary-access-token-of-the-provider";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (string Nonce, string Challenge, string Redirect)> _codes = new();
    private readonly RsaSecurityKey _key = new(RSA.Create(2048)) { KeyId = "one" };

    private OpenIdProvider(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>Claims of the id token beside those of the protocol.</summary>
    public Dictionary<string, object> Person { get; set; } = [];

    /// <summary>The last id token.</summary>
    public string LastToken { get; private set; } = "";

    /// <summary>Changes the token before it is signed.</summary>
    public Action<SecurityTokenDescriptor> Change { get; set; } = _ => { };

    /// <summary>Another address than its own, by which it calls itself.</summary>
    public string? CallsItself { get; init; }

    /// <summary>What the last authorization asked for.</summary>
    public System.Collections.Specialized.NameValueCollection Asked { get; private set; } = [];

    public static async Task<OpenIdProvider> StartAsync(string? callsItself = null)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var provider = new OpenIdProvider(builder.Build()) { CallsItself = callsItself };
        provider.Map();
        await provider._app.StartAsync();
        provider.Address = new(provider._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Rsa.Dispose();
    }

    /// <summary>What a browser meets that is led here: the address back, with a code.</summary>
    public string Authorize(Uri asked)
    {
        Asked = HttpUtility.ParseQueryString(asked.Query);
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _codes[code] = (Asked["nonce"]!, Asked["code_challenge"]!, Asked["redirect_uri"]!);
        return $"{new Uri(Asked["redirect_uri"]!).AbsolutePath}?code={code}&state={Uri.EscapeDataString(Asked["state"]!)}";
    }

    private void Map()
    {
        _app.MapGet("/.well-known/openid-configuration", () => new Dictionary<string, object>
        {
            ["issuer"] = CallsItself ?? Issuer,
            ["authorization_endpoint"] = Issuer + "/authorize",
            ["token_endpoint"] = Issuer + "/token",
            ["jwks_uri"] = Issuer + "/keys",
            ["response_types_supported"] = (string[])["code"],
            ["id_token_signing_alg_values_supported"] = (string[])["RS256"],
        });
        _app.MapGet("/keys", () =>
        {
            var key = _key.Rsa.ExportParameters(includePrivateParameters: false);
            return new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = _key.KeyId, n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) } } };
        });
        _app.MapPost("/token", TokenAsync);
    }

    private string Issuer => Address.GetLeftPart(UriPartial.Authority);

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var verifier = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (form["client_id"] != ClientId || form["client_secret"] != Secret || !_codes.TryRemove(form["code"].ToString(), out var code)
            || code.Challenge != verifier || code.Redirect != form["redirect_uri"])
        {
            return Results.BadRequest(new { error = "invalid_grant" });
        }
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var token = new SecurityTokenDescriptor
        {
            Issuer = CallsItself ?? Issuer,
            Audience = ClientId,
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(5),
            Claims = new Dictionary<string, object>(Person) { ["nonce"] = code.Nonce },
            SigningCredentials = new(_key, SecurityAlgorithms.RsaSha256),
        };
        Change(token);
        LastToken = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
        return Results.Json(new { access_token = AccessToken, token_type = "Bearer", id_token = LastToken });
    }
}
