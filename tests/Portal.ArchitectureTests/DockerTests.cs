using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Portal.ArchitectureTests;

public sealed class DockerTests
{
    private static readonly string _dockerfile = File.ReadAllText(Checkout.PathOf("docker/Dockerfile"));
    private static readonly string _compose = File.ReadAllText(Checkout.PathOf("docker/compose.yaml"));
    private static readonly string _nginx = File.ReadAllText(Checkout.PathOf("docker/nginx.conf"));
    private static readonly string[] _portals = ["portal-1", "portal-2"];

    [Fact]
    public void What_the_build_copies_exists() => Rule.Holds(DockerRules.MissingSources(_dockerfile, Exists));

    [Fact]
    public void A_missing_source_is_found() =>
        Assert.Equal(["src/Gone"], DockerRules.MissingSources("COPY --from=build /out .\nCOPY src src/Gone ./\n", Exists));

    [Fact]
    public void The_restore_has_every_project_it_needs() => Rule.Holds(DockerRules.ProjectsNotCopied(_dockerfile, ShippedProjects()));

    [Fact]
    public void A_project_that_the_restore_lacks_is_found() => Assert.Equal(
        ["b/b.csproj"], DockerRules.ProjectsNotCopied("COPY a/a.csproj a/\nRUN dotnet restore a\nCOPY b/b.csproj b/\n", ["a/a.csproj", "b/b.csproj"]));

    [Fact]
    public void Nothing_runs_as_root() => Rule.Holds(DockerRules.StagesAsRoot(_dockerfile));

    [Theory]
    [InlineData("FROM a AS web\nENTRYPOINT [\"x\"]\n")]
    [InlineData("FROM a AS base\nUSER app\nUSER root\nFROM base AS web\nENTRYPOINT [\"x\"]\n")]
    public void A_stage_that_runs_as_root_is_found(string dockerfile) => Assert.Equal(["web"], DockerRules.StagesAsRoot(dockerfile));

    [Fact]
    public void Every_image_has_a_version() => Rule.Holds(DockerRules.ImagesWithoutVersion(_dockerfile, _compose));

    [Fact]
    public void An_image_without_a_version_is_found() => Assert.Equal(
        ["base", "nginx:latest"],
        DockerRules.ImagesWithoutVersion("FROM base AS web\n", "  a:\n    image: nginx:latest\n  b:\n    image: ours\n    build:\n  c:\n    image: postgres:17\n"));

    [Fact]
    public void The_compose_file_has_its_services() =>
        Assert.Equal(["postgres", "migrate", "portal-1", "portal-2", "nginx"], DockerRules.Names(_compose, "services"));

    [Fact]
    public void Every_service_starts_again_by_itself() =>
        Assert.All(DockerRules.Names(_compose, "services"), name => Assert.Matches("restart: (unless-stopped|on-failure)", DockerRules.Service(_compose, name)));

    [Fact]
    public void Every_service_that_stays_says_whether_it_is_well()
    {
        Assert.Contains("healthcheck:", DockerRules.Service(_compose, "postgres"), StringComparison.Ordinal);
        Assert.Contains("healthcheck:", DockerRules.Service(_compose, "nginx"), StringComparison.Ordinal);
        Assert.Contains("/health/ready", _dockerfile.Split(" AS web")[1], StringComparison.Ordinal);
        Assert.All(_portals, name => Assert.Contains($"{name}:\n        condition: service_healthy", DockerRules.Service(_compose, "nginx"), StringComparison.Ordinal));
    }

    [Fact]
    public void The_portals_wait_for_the_schema() => Assert.All(_portals, name =>
        Assert.Contains("migrate:\n      condition: service_completed_successfully", DockerRules.Service(_compose, name), StringComparison.Ordinal));

    [Fact]
    public void The_portals_never_see_the_password_of_the_superuser() =>
        Assert.All(_portals, name => Assert.DoesNotContain("postgres_password", DockerRules.Service(_compose, name), StringComparison.Ordinal));

    [Fact]
    public void Every_secret_is_a_file_that_is_made_beside()
    {
        var maker = File.ReadAllText(Checkout.PathOf("docker/make-secrets"));

        Assert.Equal(["postgres_password", "roles.key", "root.keys", "tls.crt", "tls.key"], DockerRules.Names(_compose, "secrets"));
        Assert.All(DockerRules.Names(_compose, "secrets"), name => Assert.Contains(name, maker, StringComparison.Ordinal));
        Assert.Contains("secrets/", File.ReadAllText(Checkout.PathOf("docker/.gitignore")), StringComparison.Ordinal);
    }

    [Fact]
    public void Nginx_knows_exactly_the_portals_and_holds_a_browser_to_one()
    {
        var servers = Regex.Matches(_nginx, @"server (?<name>[\w-]+):8080", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(m => m.Groups["name"].Value);

        Assert.Equal(_portals, servers);
        Assert.Contains("hash $place consistent;", _nginx, StringComparison.Ordinal);
        Assert.Contains("EXPOSE 8080", _dockerfile, StringComparison.Ordinal);
    }

    /// <summary>docker/check asks docker compose and nginx, where they are installed.</summary>
    [Fact]
    public async Task The_tools_that_are_here_find_no_mistake()
    {
        using var check = Process.Start(new ProcessStartInfo(Checkout.PathOf("docker/check")) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = await check.StandardOutput.ReadToEndAsync();
        await check.WaitForExitAsync();

        Assert.True(check.ExitCode == 0, said);
    }

    private static bool Exists(string path) => Path.Exists(Checkout.PathOf(path));

    // Everything that the portal and the migrations are built from.
    private static IEnumerable<string> ShippedProjects() =>
        Checkout.Files("src", ".csproj").Concat(Checkout.Files("migrations", ".csproj"))
            .Select(f => f.Name).Where(name => !name.Contains("Simulator", StringComparison.Ordinal));
}
