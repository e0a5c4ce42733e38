using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Portal.Web.Tests.Shell;

/// <summary>A log line in production, by the settings that are shipped.</summary>
public sealed class LogFormatTests
{
    [Fact]
    public void A_line_is_one_JSON_object_with_a_time_in_UTC_whatever_was_typed()
    {
        var settings = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.Production.json")).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(settings)
            .AddLogging(logging => logging.AddConfiguration(settings.GetSection("Logging")).AddConsole()).BuildServiceProvider();
        var format = services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName;
        var formatter = services.GetServices<ConsoleFormatter>().Single(f => f.Name == format);
        using var written = new StringWriter();

        formatter.Write(
            new LogEntry<string>(LogLevel.Warning, "Portal.Web", new EventId(7), "a\r\nWarning: forged \"line\"\u001b[31m", null, (text, _) => text),
            new LoggerExternalScopeProvider(),
            written);

        var line = Assert.Single(written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain('\u001b', line);
        var read = System.Text.Json.JsonDocument.Parse(line).RootElement;
        Assert.Equal("a\r\nWarning: forged \"line\"\u001b[31m", read.GetProperty("Message").GetString());
        Assert.Equal("Portal.Web", read.GetProperty("Category").GetString());
        Assert.Equal("Warning", read.GetProperty("LogLevel").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", read.GetProperty("Timestamp").GetString());
        Assert.True((DateTimeOffset.Parse(read.GetProperty("Timestamp").GetString()!, System.Globalization.CultureInfo.InvariantCulture) - TimeProvider.System.GetUtcNow()).Duration() < TimeSpan.FromMinutes(1));
    }
}
