using System.Text.RegularExpressions;

namespace Portal.ArchitectureTests;

/// <summary>What the files of docker/ and of the build promise about an installation.</summary>
public sealed class DeploymentTests
{
    private static readonly string _nginx = File.ReadAllText(Checkout.PathOf("docker/nginx.conf"));
    private static readonly string _compose = File.ReadAllText(Checkout.PathOf("docker/compose.yaml"));

    [Fact]
    public void TLS_is_of_today_with_forward_secrecy()
    {
        Assert.Equal(["TLSv1.2", "TLSv1.3"], Setting("ssl_protocols").Split(' '));
        Assert.All(Setting("ssl_ciphers").Split(':'), suite => Assert.Matches("^ECDHE\\+(AESGCM|CHACHA20)$", suite));
    }

    [Fact]
    public void Without_TLS_pages_are_led_to_it_and_programs_are_refused()
    {
        var plain = _nginx[_nginx.IndexOf("listen 8080;", StringComparison.Ordinal).._nginx.IndexOf("listen 8443", StringComparison.Ordinal)];

        Assert.Contains("return 308 https://$host$request_uri;", plain, StringComparison.Ordinal);
        Assert.Matches("location ~ \\^/\\(receipts\\|api\\|openapi\\|health\\|metrics\\) \\{\\s+return 403;", plain);
        Assert.DoesNotContain("proxy_pass", plain, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_proxy_says_of_a_caller_is_its_own()
    {
        Assert.Contains("proxy_set_header X-Forwarded-For $remote_addr;", _nginx, StringComparison.Ordinal);
        Assert.Contains("proxy_set_header X-Forwarded-Proto $scheme;", _nginx, StringComparison.Ordinal);
        Assert.DoesNotContain("proxy_add_x_forwarded_for", _nginx, StringComparison.Ordinal);
        Assert.Contains("Portal__TrustedProxies: 172.31.80.0/24", _compose, StringComparison.Ordinal);
        Assert.Contains("subnet: 172.31.80.0/24", _compose, StringComparison.Ordinal);
    }

    [Fact]
    public void The_proxys_cookie_is_for_this_host_and_out_of_reach_of_scripts() =>
        Assert.Contains("\"__Host-portal.place=$request_id; Path=/; HttpOnly; Secure; SameSite=Lax\"", _nginx, StringComparison.Ordinal);

    [Fact]
    public void The_proxys_log_has_no_query_no_cookie_and_no_receipt_address()
    {
        var format = Setting("log_format");

        Assert.DoesNotMatch("\\$(request|request_uri|args|query_string|http_|cookie_)\\b", format);
        Assert.Matches("location /receipts \\{[^}]*access_log off;", _nginx);
    }

    [Fact]
    public void The_proxy_keeps_no_answer() => Assert.DoesNotMatch("proxy_cache|proxy_store|fastcgi_cache", _nginx);

    [Fact]
    public void The_proxy_tells_no_version_and_lists_no_folder_and_shows_no_metrics()
    {
        Assert.Equal("off", Setting("server_tokens"));
        Assert.DoesNotContain("autoindex", _nginx, StringComparison.Ordinal);
        Assert.Matches("location = /metrics \\{\\s+return 404;", _nginx);
    }

    [Fact]
    public void The_database_is_in_a_network_that_leads_nowhere_and_no_port_of_it_is_open()
    {
        Assert.Matches("back:\\s+internal: true", _compose);
        Assert.DoesNotContain("ports:", DockerRules.Service(_compose, "postgres"), StringComparison.Ordinal);
        Assert.DoesNotContain("ports:", DockerRules.Service(_compose, "portal-1"), StringComparison.Ordinal);
        Assert.Contains("networks: [back]", DockerRules.Service(_compose, "postgres"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_portals_can_write_nothing_but_their_two_folders_and_gain_no_right()
    {
        var portal = DockerRules.Service(_compose, "portal-1");

        foreach (var line in (string[])["read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "volumes: [fence:/var/lib/portal/fence, spool:/var/lib/portal/spool]"])
            Assert.Contains(line, portal, StringComparison.Ordinal);
    }

    [Fact]
    public void No_secret_and_no_history_goes_into_an_image()
    {
        var ignored = File.ReadAllLines(Checkout.PathOf("docker/Dockerfile.dockerignore")).Where(l => l.Length > 0 && l[0] != '#').ToList();

        Assert.Equal("*", ignored[0]);
        Assert.All(ignored.Where(l => l[0] == '!'), l => Assert.Contains(l, (string[])["!global.json", "!Directory.Build.props", "!Directory.Packages.props", "!BannedSymbols.txt", "!.editorconfig", "!src", "!migrations"]));
    }

    [Fact]
    public void The_simulator_and_the_tests_are_not_in_what_is_deployed() =>
        Assert.DoesNotMatch("Simulator|tests/|Benchmarks", File.ReadAllText(Checkout.PathOf("docker/Dockerfile")));

    [Fact]
    public void Passwords_of_an_installation_are_made_at_random_and_have_no_default()
    {
        var maker = File.ReadAllText(Checkout.PathOf("docker/make-secrets"));

        foreach (var secret in (string[])["root.keys", "roles.key", "postgres_password"])
            Assert.Matches(Regex.Escape($"[[ -e {secret} ]] || ") + ".*/dev/urandom.*>" + Regex.Escape(secret), maker);
        Assert.DoesNotMatch("(?im)^\\s*\\w*password\\w*: *[^ $/\n]", _compose);
    }

    [Fact]
    public void A_package_with_a_known_weakness_breaks_the_build()
    {
        var build = File.ReadAllText(Checkout.PathOf("Directory.Build.props"));

        foreach (var line in (string[])["<NuGetAudit>true</NuGetAudit>", "<NuGetAuditMode>all</NuGetAuditMode>", "<NuGetAuditLevel>low</NuGetAuditLevel>", "<TreatWarningsAsErrors>true</TreatWarningsAsErrors>"])
            Assert.Contains(line, build, StringComparison.Ordinal);
        Assert.DoesNotMatch("NU190|NuGetAuditSuppress", string.Concat(Checkout.Files("src", ".csproj").Concat(Checkout.Files("migrations", ".csproj")).Select(f => f.Text)) + build);
    }

    private static string Setting(string name) =>
        Regex.Match(_nginx, $@"^ *{name} (?<value>[^;]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["value"].Value;
}
