using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Portal.Web.Mail;

/// <summary>Takes a letter away. Throws when it could not.</summary>
internal delegate Task DeliverMail(MimeMessage letter, CancellationToken ct);

/// <summary>The configured SMTP server; a connection a letter.</summary>
internal sealed class SmtpServer(IOptions<MailOptions> options)
{
    private const int TimeoutMs = 30_000;

    public async Task SendAsync(MimeMessage letter, CancellationToken ct)
    {
        var mail = options.Value;
        using var client = new SmtpClient { Timeout = TimeoutMs };
        await client.ConnectAsync(mail.Host, mail.Port, Socket(mail.Security), ct);
        if (mail.User.Length > 0)
            await client.AuthenticateAsync(mail.User, mail.Secret, ct);
        await client.SendAsync(letter, ct);
        await client.DisconnectAsync(quit: true, ct);
    }

    private static SecureSocketOptions Socket(MailSecurity security) => security switch
    {
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };
}
