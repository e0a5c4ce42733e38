using Microsoft.Extensions.Options;

namespace Portal.Web.SignIn;

/// <summary>A provider of OpenID Connect that people may sign in with. Bound to <c>Portal:OpenIdConnect</c>; without <see cref="Authority"/> there is none.</summary>
public sealed class OpenIdOptions
{
    public const string Section = "Portal:OpenIdConnect";

    private const int LongestName = 40;

    /// <summary>Where the provider is: <c>https://login.example.com/realms/company</c>.</summary>
    public string Authority { get; set; } = "";

    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    /// <summary>File that holds <see cref="ClientSecret"/>.</summary>
    public string ClientSecretFile { get; set; } = "";

    /// <summary>What people call it: <c>Sign in with {Name}</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>There is a provider.</summary>
    public bool IsSet => Authority.Length > 0;

    internal string Secret => ClientSecretFile.Length > 0 ? File.ReadAllText(ClientSecretFile).Trim() : ClientSecret;

    internal string Called => Name.Trim() is { Length: > 0 } name ? name[..Math.Min(name.Length, LongestName)] : new Uri(Authority).Host;
}

internal sealed class OpenIdOptionsCheck : IValidateOptions<OpenIdOptions>
{
    public ValidateOptionsResult Validate(string? name, OpenIdOptions options)
    {
        if (!options.IsSet)
            return ValidateOptionsResult.Success;
        var mistakes = new List<string>();
        if (!Uri.TryCreate(options.Authority, UriKind.Absolute, out var authority) || !(authority.Scheme == Uri.UriSchemeHttps || (authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback)))
            mistakes.Add("Portal:OpenIdConnect:Authority is no https address: the provider's, as https://login.example.com.");
        if (options.ClientId.Length == 0)
            mistakes.Add("Portal:OpenIdConnect:ClientId is missing: the portal's name at the provider.");
        if (options.ClientSecretFile.Length > 0 && !File.Exists(options.ClientSecretFile))
            mistakes.Add($"Portal:OpenIdConnect:ClientSecretFile: there is no file {options.ClientSecretFile}.");
        else if (options.Secret.Length == 0)
            mistakes.Add("Portal:OpenIdConnect:ClientSecretFile (or ClientSecret) is missing or empty.");
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}
