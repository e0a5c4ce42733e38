using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Portal.ArchitectureTests;

/// <summary>The list of every package that ships, as <c>./portal sbom</c> prints it.</summary>
public sealed partial class SbomTests
{
    [Fact]
    public async Task Every_package_that_ships_is_listed_once_with_its_version_and_hash()
    {
        var shipped = Shipped("Portal.Web").Concat(Shipped("Portal.Migrations")).DistinctBy(p => p.Name + p.Version).OrderBy(p => p.Name, StringComparer.Ordinal).ToList();
        Assert.True(shipped.Count > 40, $"only {shipped.Count} packages ship");

        using var bom = JsonDocument.Parse(await PrintAsync(DepsOf("Portal.Web"), DepsOf("Portal.Migrations")));

        Assert.Equal(("CycloneDX", "1.5"), (bom.RootElement.GetProperty("bomFormat").GetString(), bom.RootElement.GetProperty("specVersion").GetString()));
        var listed = bom.RootElement.GetProperty("components").EnumerateArray().Select(c => (
            Name: c.GetProperty("name").GetString()!, Version: c.GetProperty("version").GetString()!,
            Hash: c.GetProperty("hashes")[0].GetProperty("content").GetString()!, Purl: c.GetProperty("purl").GetString()!)).ToList();
        Assert.Equal(shipped, listed.Select(c => (c.Name, c.Version, c.Hash)).OrderBy(p => p.Name, StringComparer.Ordinal));
        Assert.All(listed, c => Assert.Equal($"pkg:nuget/{c.Name}@{c.Version}", c.Purl));
    }

    /// <summary>What the product's projects ask for is in it, in the version that is written down.</summary>
    [Fact]
    public void What_the_projects_ask_for_ships_in_the_version_that_is_written_down()
    {
        var versions = Versions().Matches(File.ReadAllText(Checkout.PathOf("Directory.Packages.props"))).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["version"].Value, StringComparer.OrdinalIgnoreCase);
        var shipped = Shipped("Portal.Web").ToDictionary(p => p.Name, p => p.Version, StringComparer.OrdinalIgnoreCase);
        var asked = Checkout.Files("src", ".csproj").Where(f => !f.Name.Contains("Simulator", StringComparison.Ordinal))
            .SelectMany(f => Asked().Matches(f.Text).Select(m => m.Groups["name"].Value)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();

        Assert.True(asked.Count > 5, $"only {asked.Count} packages are asked for");
        // What .NET itself brings as well is left to it.
        Assert.All(asked.Where(n => shipped.ContainsKey(n) || !n.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)), name => Assert.Equal(versions[name], shipped[name]));
    }

    /// <summary>
    /// Each is what nuget.org has under that name: its content's hash is the one that was built with, and it carries that registry's
    /// signature, whatever mirror it came through.
    /// </summary>
    [Fact]
    public async Task Every_package_that_ships_is_signed_by_the_registry_we_trust()
    {
        var shipped = Shipped("Portal.Web").Concat(Shipped("Portal.Migrations")).DistinctBy(p => p.Name + p.Version).ToList();

        var (code, said) = await VerifyAsync(shipped.Select(p => PathOf(p.Name, p.Version)));

        Assert.True(code == 0, said);
        var verified = Package().Split(said)[1..].ToDictionary(p => p.Split('\n')[0].Trim(), StringComparer.OrdinalIgnoreCase);
        Assert.All(shipped, package =>
        {
            var about = verified[$"{package.Name}.{package.Version}"];
            Assert.Equal(package.Hash, Convert.ToHexStringLower(Convert.FromBase64String(ContentHash().Match(about).Value)));
            Assert.Contains("Service index: https://api.nuget.org/v3/index.json", about, StringComparison.Ordinal);
            Assert.Contains("Successfully verified package", about, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_package_that_was_changed_is_found()
    {
        var (name, version, _) = Shipped("Portal.Web").First(p => p.Name == "MudBlazor");
        var folder = Directory.CreateTempSubdirectory("portal-package-").FullName;
        try
        {
            var copy = Path.Combine(folder, "changed.nupkg");
            File.Copy(PathOf(name, version), copy);
            using (var zip = System.IO.Compression.ZipFile.Open(copy, System.IO.Compression.ZipArchiveMode.Update))
                zip.CreateEntry("lib/net10.0/more.dll");

            Assert.NotEqual(0, (await VerifyAsync([copy])).Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string PathOf(string name, string version)
    {
        var (lower, folder) = (name.ToLowerInvariant(), Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages"));
        return Path.Combine(folder, lower, version, $"{lower}.{version}.nupkg");
    }

    private static async Task<(int Code, string Said)> VerifyAsync(IEnumerable<string> packages)
    {
        var start = new ProcessStartInfo("dotnet", ["nuget", "verify", "--all", "-v", "n", .. packages]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        // Whether a certificate was called back nobody is asked: that needs the network.
        start.Environment["NUGET_CERT_REVOCATION_MODE"] = "offline";
        using var verify = Process.Start(start)!;
        var errors = verify.StandardError.ReadToEndAsync();
        var said = await verify.StandardOutput.ReadToEndAsync();
        await verify.WaitForExitAsync();
        return (verify.ExitCode, said + await errors);
    }

    private static string DepsOf(string program)
    {
        var built = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/'))! + "/"))!;
        var folder = program == "Portal.Migrations" ? "migrations" : "src";
        return Checkout.PathOf($"{folder}/{program}/bin/{built}/net10.0/{program}.deps.json");
    }

    private static IEnumerable<(string Name, string Version, string Hash)> Shipped(string program)
    {
        using var deps = JsonDocument.Parse(File.ReadAllText(DepsOf(program)));
        return [.. from library in deps.RootElement.GetProperty("libraries").EnumerateObject()
                   where library.Value.GetProperty("type").GetString() == "package"
                   let parts = library.Name.Split('/')
                   select (parts[0], parts[1], Convert.ToHexStringLower(Convert.FromBase64String(library.Value.GetProperty("sha512").GetString()!["sha512-".Length..])))];
    }

    private static async Task<string> PrintAsync(params string[] files)
    {
        using var print = Process.Start(new ProcessStartInfo(Checkout.PathOf("portal"), ["sbom", .. files]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var errors = print.StandardError.ReadToEndAsync();
        var said = await print.StandardOutput.ReadToEndAsync();
        await print.WaitForExitAsync();
        Assert.True(print.ExitCode == 0, await errors);
        return said;
    }

    // Of other lines that begin so, none is of two words.
    [GeneratedRegex("^Verifying (?=\\S+\\r?$)", RegexOptions.Multiline, 1000)]
    private static partial Regex Package();

    [GeneratedRegex("(?<=Content hash: )\\S+", RegexOptions.None, 1000)]
    private static partial Regex ContentHash();

    [GeneratedRegex("""<PackageVersion Include="(?<name>[^"]+)" Version="(?<version>[^"]+)" """, RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Versions();

    [GeneratedRegex("""<PackageReference Include="(?<name>[^"]+)" */>""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Asked();
}
