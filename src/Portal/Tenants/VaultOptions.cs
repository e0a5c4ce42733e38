using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Portal.Tenants;

/// <summary>Where the root keys come from. Bound to <c>Portal:Vault</c>.</summary>
public sealed class VaultOptions
{
    public const string Section = "Portal:Vault";

    /// <summary>File of root keys, one line a key: <c>id:base64 of 32 bytes</c>. Only its owner may be able to read it.</summary>
    public string RootKeyFile { get; set; } = "";

    /// <summary>The same lines as a text, for an environment variable; <c>;</c> ends a line as well.</summary>
    public string RootKeys { get; set; } = "";

    /// <summary>The deployment's name, which every sealed value is bound to; the host's environment in lower case unless set.</summary>
    public string Environment { get; set; } = "";

    /// <summary>Openings an hour, for one tenant and purpose, up to which nothing is unusual: three times as many are an alarm where there were never more.</summary>
    public long UsualOpenings { get; set; } = 10_000;
}

// Without a host (a tool, a test) it is as in production.
internal sealed class VaultOptionsCheck(IHostEnvironment? host = null) : IValidateOptions<VaultOptions>
{
    public ValidateOptionsResult Validate(string? name, VaultOptions options)
    {
        var mistakes = new List<string>();
        if (options.RootKeyFile.Length > 0 && options.RootKeys.Length > 0)
            mistakes.Add("Portal:Vault:RootKeyFile and Portal:Vault:RootKeys are both set: keep one of them.");
        if (options.RootKeyFile.Length == 0 && options.RootKeys.Length == 0 && host?.IsDevelopment() != true)
            mistakes.Add("There is no root key: set Portal:Vault:RootKeyFile (a file that only its owner can read) or Portal:Vault:RootKeys. Without it no key pair can be kept.");
        if (options.Environment.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')))
            mistakes.Add("Portal:Vault:Environment has letters, digits, '.', '-' and '_' only.");
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}
