using System.Diagnostics;

namespace Portal.ArchitectureTests;

/// <summary>docs/security.md against OWASP ASVS 5.0, as <c>./portal asvs</c> counts it: the command is the only reader of that table.</summary>
public sealed class AsvsTests
{
    [Fact]
    public async Task Every_requirement_is_proved_by_a_test_that_is_there_or_is_a_dated_exception()
    {
        var (code, said) = await CountAsync(SecurityDocument.Path);

        Assert.True(code == 0, said);
        Assert.Contains("level 2: 183 requirements", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("| 1.2.4 | 1 | SQL | ", "| 1.2.4 | 1 | SQL | pending |", "1.2.4 has neither a test nor an exception")]
    [InlineData("| 1.2.4 | 1 | SQL | ", "| 1.2.4 | 1 | SQL | `NoSuchTests.Nothing` |", "1.2.4 names NoSuchTests.Nothing, which is no test")]
    [InlineData("| 1.2.4 | 1 | SQL | ", "| 1.2.4 | 1 | SQL | `DangerTests.No_such_test` |", "1.2.4 names DangerTests.No_such_test, which is no test")]
    [InlineData("| 1.2.4 | 1 | SQL | ", "| 1.2.4 | 1 | SQL | exception: some day |", "1.2.4 has neither a test nor an exception")]
    [InlineData("| 1.2.4 | 1 | SQL | ", "| 1.2.4 | 2 | SQL | `DangerTests` |", "1.2.4 is of level 1")]
    [InlineData("| 1.2.4 | 1 | SQL | ", "", "1.2.4 is missing")]
    [InlineData("| 1.2.4 | 1 | SQL | ", "| 1.2.4 | 1 | SQL | `DangerTests` |\n| 1.2.4 | 1 | SQL | `DangerTests` |", "1.2.4 stands there twice")]
    [InlineData("| 1.2.4 | 1 | SQL | ", "| 1.2.4 | 1 | SQL | `DangerTests` |\n| 99.1.1 | 1 | x | `DangerTests` |", "99.1.1 is no requirement")]
    public async Task What_is_not_so_is_found(string row, string instead, string finding)
    {
        var lines = await File.ReadAllLinesAsync(SecurityDocument.Path);
        Assert.Single(lines, l => l.StartsWith(row, StringComparison.Ordinal));
        var copy = Path.GetTempFileName();
        await File.WriteAllTextAsync(copy, string.Join('\n', lines.Select(l => l.StartsWith(row, StringComparison.Ordinal) ? instead : l)));

        var (code, said) = await CountAsync(copy);

        Assert.Equal(1, code);
        Assert.Contains(finding, said, StringComparison.Ordinal);
        File.Delete(copy);
    }

    private static async Task<(int Code, string Said)> CountAsync(string document)
    {
        using var count = Process.Start(new ProcessStartInfo(Checkout.PathOf("portal"), ["asvs", document]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var errors = count.StandardError.ReadToEndAsync();
        var said = await count.StandardOutput.ReadToEndAsync() + await errors;
        await count.WaitForExitAsync();
        return (count.ExitCode, said);
    }
}
