using System.Net;
using Microsoft.Extensions.Options;

namespace Portal.Web.Metrics;

/// <summary>Who reads <c>/metrics</c>. Bound to <c>Portal:Metrics</c>. What is set must be met; with neither there is no such address.</summary>
public sealed class MetricsOptions
{
    public const string Section = "Portal:Metrics";

    /// <summary>Addresses and networks that are answered, separated by commas: <c>10.0.7.5,10.1.0.0/16</c>.</summary>
    public string Networks { get; set; } = "";

    /// <summary>What a reader sends as <c>Authorization: Bearer …</c>; or see <see cref="TokenFile"/>.</summary>
    public string Token { get; set; } = "";

    /// <summary>File that holds <see cref="Token"/>.</summary>
    public string TokenFile { get; set; } = "";

    public bool IsOn => Networks.Length + Token.Length + TokenFile.Length > 0;

    internal IEnumerable<string> NetworkNames => Networks.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal string ReadToken() => TokenFile.Length > 0 ? File.ReadAllText(TokenFile).Trim() : Token;

    internal static System.Net.IPNetwork? Parse(string name) =>
        System.Net.IPNetwork.TryParse(name, out var network) ? network
        : IPAddress.TryParse(name, out var address) ? new(address, address.GetAddressBytes().Length * 8)
        : null;
}

internal sealed class MetricsOptionsCheck : IValidateOptions<MetricsOptions>
{
    private const int ShortestToken = 24;

    public ValidateOptionsResult Validate(string? name, MetricsOptions options)
    {
        var mistakes = options.NetworkNames.Where(n => MetricsOptions.Parse(n) is null)
            .Select(n => $"Portal:Metrics:Networks has '{n}', which is neither an address nor a network as 10.1.0.0/16.").ToList();
        if (options.TokenFile.Length > 0 && !File.Exists(options.TokenFile))
            mistakes.Add($"Portal:Metrics:TokenFile: there is no file {options.TokenFile}.");
        else if (options.Token.Length + options.TokenFile.Length > 0 && options.ReadToken().Length < ShortestToken)
            mistakes.Add($"Portal:Metrics:Token is shorter than {ShortestToken} characters.");
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}
