using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Portal.Tenants;

namespace Portal.ArchitectureTests;

/// <summary>What docs/security.md says of the code is what the code does.</summary>
public sealed partial class SecurityDocumentTests
{
    private static readonly IReadOnlyList<SourceFile> _source = Checkout.Files("src", ".cs").Concat(Checkout.Files("migrations", ".cs"))
        .Where(f => !f.Name.Contains("Simulator", StringComparison.Ordinal)).ToList();

    public static TheoryData<string, string> Limits()
    {
        var rows = new TheoryData<string, string>();
        foreach (var row in SecurityDocument.Table("Limits"))
            rows.Add(row[1], row[2]);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void A_written_limit_is_the_codes(string limit, string where) => Assert.Equal(limit, Written(where));

    [Fact]
    public void There_are_limits() => Assert.True(Limits().Count >= 25);

    [Theory]
    [InlineData("5", "PasswordRules.MaxAttempts")]
    [InlineData("15 minutes", "PasswordRules.LockedFor")]
    [InlineData("12 hours", "Sessions.Longest")]
    [InlineData("20 MB", "ImportIntake.MostBytes")]
    public void A_limit_is_read_from_the_code(string limit, string where) => Assert.Equal(limit, Written(where));

    [Fact]
    public void Every_place_that_connects_to_something_is_written_down() =>
        Rule.Holds(SecurityDocument.Differences(SecurityDocument.Table("Connections").Select(r => r[0]), _source, Connects()));

    [Fact]
    public void A_place_that_connects_and_is_not_written_down_is_found() => Assert.Equal(
        ["Stray.cs is not written down in docs/security.md", "Gone.cs is written down in docs/security.md and does no such thing"],
        SecurityDocument.Differences(["Gone.cs"], [new("Stray.cs", "using var http = new HttpClient();"), new("Told.cs", "// new HttpClient()")], Connects()));

    /// <summary>Whatever begins a session, with the strength that it has.</summary>
    [Fact]
    public void Every_way_in_is_written_down() =>
        Rule.Holds(SecurityDocument.Differences(SecurityDocument.Table("Ways in").Select(r => r[0]), [.. _source.Where(f => !f.Name.EndsWith("PersonSignIn.cs", StringComparison.Ordinal))], SignsIn()));

    [Fact]
    public void Every_use_of_cryptography_is_written_down() =>
        Rule.Holds(SecurityDocument.Differences(SecurityDocument.Table("Cryptography").Select(r => r[0]), _source, CryptographyRules.Uses()));

    [Fact]
    public void Every_log_is_written_down() =>
        Rule.Holds(SecurityDocument.Differences(SecurityDocument.Table("Logs").Select(r => r[0]), _source, Logs()));

    [Fact]
    public void Every_operation_of_a_member_is_written_down_with_the_role_it_needs()
    {
        var written = SecurityDocument.Table("What a member may do")
            .SelectMany(r => r[1].Split(',', StringSplitOptions.TrimEntries).Select(name => $"{name} {r[0]}")).ToList();
        var demanded = _source.SelectMany(f => Demands().Matches(SecurityDocument.Code(f.Text))
            .Select(m => $"{Path.GetFileNameWithoutExtension(f.Name)} {m.Groups["role"].Value.ToLowerInvariant()}{(m.Groups["fresh"].Success ? ", confirmed" : "")}")).ToList();

        Rule.Holds(demanded.Except(written, StringComparer.Ordinal).Select(d => $"{d}: not written down in docs/security.md")
            .Concat(written.Except(demanded, StringComparer.Ordinal).Select(w => $"{w}: written down in docs/security.md and not so")));
    }

    // A use case is public, is run by a member, and its first act is to ask for the role; or it hands the member on to one that does.
    [Fact]
    public void Every_operation_of_a_member_asks_for_a_role_itself() => Rule.Holds(
        from file in _source
        where TakesMember().IsMatch(file.Text) && file.Text.Contains("\npublic sealed class " + Path.GetFileNameWithoutExtension(file.Name), StringComparison.Ordinal)
        where !file.Text.Contains(".Demand", StringComparison.Ordinal) && !HandsOn().IsMatch(file.Text)
        select file.Name + " takes a member and asks for no role");

    [Fact]
    public void Roles_are_the_documents() => Assert.Equal(
        Enum.GetNames<MemberRole>().Select(n => n.ToLowerInvariant()),
        SecurityDocument.Table("What a member may do").Select(r => r[0].Split(',')[0]).Append("owner").Distinct(StringComparer.Ordinal));

    /// <summary>The value of a constant or a field of a type of ours, as people write it.</summary>
    private static string Written(string member)
    {
        var (type, name) = (member.Split('.')[0], member.Split('.')[1]);
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var owner = Product.Types.Single(t => t.Name == type && t.GetMember(name, Any).Length > 0);
        var value = owner.GetField(name, Any) is { } field
            ? field.GetValue(null)
            : owner.GetProperty(name, Any)!.GetValue(Activator.CreateInstance(owner, nonPublic: true));
        return value switch
        {
            TimeSpan span => Written(span),
            int bytes when bytes >= 1024 * 1024 && bytes % (1024 * 1024) == 0 => $"{bytes / 1024 / 1024} MB",
            int bytes when bytes >= 2048 && bytes % 1024 == 0 => $"{bytes / 1024} KB",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private static string Written(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds} seconds"),
        { TotalMinutes: <= 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes} minutes"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours} hours"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays} days"),
    };

    [GeneratedRegex(@"new (HttpClient|SocketsHttpHandler|SmtpClient|Socket|TcpClient|NpgsqlConnection|NpgsqlDataSourceBuilder)\b *[({]|\.UseNpgsqlConnection\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Connects();

    [GeneratedRegex(@"\.SignInAsync\(", RegexOptions.None, 1000)]
    private static partial Regex SignsIn();

    [GeneratedRegex(@"\[LoggerMessage\(", RegexOptions.None, 1000)]
    private static partial Regex Logs();

    [GeneratedRegex(@"\.Demand(?<fresh>Confirmed)?\([^;]*MemberRole\.(?<role>\w+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Demands();

    [GeneratedRegex(@"public [\w<>?\[\], ]+ \w+Async\(Member member\b", RegexOptions.None, 1000)]
    private static partial Regex TakesMember();

    [GeneratedRegex(@"(?:Async|Run)\w*\((?:\w+, )*member\b", RegexOptions.None, 1000)]
    private static partial Regex HandsOn();
}
