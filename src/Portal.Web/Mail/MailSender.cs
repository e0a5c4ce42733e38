using Npgsql;
using Portal.Members;

namespace Portal.Web.Mail;

/// <summary>Sends the letters that wait, one after the other. What fails waits longer each time, and is given up after a day.</summary>
internal sealed class MailSender(IServiceScopeFactory scopes, LetterWriter writer, DeliverMail deliver, MailSetup setup, TimeProvider clock, ILogger<MailSender> log)
    : BackgroundService
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!setup.Works)
        {
            MailLog.NoMail(log);
            return;
        }
        using var timer = new PeriodicTimer(_pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await SendAllAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal stops: what waits goes on waiting.
        }
    }

    private async Task SendAllAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var letters = scope.ServiceProvider.GetRequiredService<Letters>();
            while (await letters.TakeAsync(ct) is { } letter)
                await SendAsync(letters, letter, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // EF wraps what the connection says in exceptions of its own, and one that gets out of here would stop the whole portal.
            MailLog.NoDatabase(log, e);
        }
    }

    private async Task SendAsync(Letters letters, Letter letter, CancellationToken ct)
    {
        try
        {
            if (await letters.WriteAsync(letter, ct) is { } content)
            {
                using var message = writer.Write(content);
                await deliver(message, ct);
                MailLog.Sent(log, letter.Kind, letter.Id);
            }
            await letters.DoneAsync(letter, ct);
        }
        catch (Exception e) when (e is not (OperationCanceledException or NpgsqlException))
        {
            // A server's answer can repeat the address: only its kind is told.
            MailLog.NotSent(log, letter.Kind, letter.Id, letter.Tries, e.GetType().Name);
        }
    }
}
