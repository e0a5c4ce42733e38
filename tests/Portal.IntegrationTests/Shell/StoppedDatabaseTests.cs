using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.IntegrationTests.Members;
using Portal.IntegrationTests.Restore;
using Portal.Members;

namespace Portal.IntegrationTests.Shell;

/// <summary>
/// The database's server is stopped under a whole portal with everything that runs in it. An exception that one of its
/// background services lets out would stop the portal.
/// </summary>
[Collection(WholePortal.Name)]
public sealed class StoppedDatabaseTests
{
    [Fact]
    public async Task The_portal_lives_on_without_its_database_and_works_again_when_it_is_back()
    {
        var folder = Directory.CreateTempSubdirectory("portal-fence-");
        await using var cluster = await OwnCluster.CreateAsync();
        await using var mail = new MailCatcher();
        var (app, address) = await RunningPortal.StartAsync(cluster.Options(), folder.FullName,
            "--Portal:Database:KeyStoreDatabase=portal_keys", "--Portal:Mail:Host=127.0.0.1", $"--Portal:Mail:Port={mail.Port}", "--Portal:Mail:Security=None", "--Portal:Mail:From=Portal <portal@example.test>");
        await using (app)
        {
            var email = "somebody@example.test";
            await using (var scope = app.Services.CreateAsyncScope())
                Assert.True((await scope.ServiceProvider.GetRequiredService<CreateUser>().RunAsync(new(email, RunningPortal.Password, IsOperator: false), CancellationToken.None)).Ok);
            using var http = new HttpClient { BaseAddress = address };
            await UntilAsync(async () => await AnswerAsync(http, "/health/ready") == HttpStatusCode.OK, "it is ready");

            await cluster.StopAsync();
            await UntilAsync(async () => await AnswerAsync(http, "/health/ready") == HttpStatusCode.ServiceUnavailable, "it says that it is not ready");
            // The services look for work once a second, or sooner: each has met the outage many times by then.
            await Task.Delay(TimeSpan.FromSeconds(6));
            Assert.Equal(HttpStatusCode.OK, await AnswerAsync(http, "/health/live"));

            await cluster.StartAsync();
            await UntilAsync(async () => await AnswerAsync(http, "/health/ready") == HttpStatusCode.OK, "it is ready again");
            await Task.Delay(TimeSpan.FromSeconds(2));
            var services = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
            Assert.NotEmpty(services);
            Assert.All(services, s => Assert.False(s.ExecuteTask is { IsCompleted: true }, $"{s.GetType().Name} has ended: {s.ExecuteTask?.Exception?.InnerException?.Message}"));
            Assert.Equal(HttpStatusCode.Redirect, (await new Browser(address).SignInAsync(email, RunningPortal.Password)).StatusCode);
        }
        folder.Delete(recursive: true);
    }

    private static async Task<HttpStatusCode?> AnswerAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path);
        return answer.StatusCode;
    }

    private static Task UntilAsync(Func<Task<bool>> holds, string what) => RestoreRig.UntilAsync(holds, what);
}
