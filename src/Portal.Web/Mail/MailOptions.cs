using Microsoft.Extensions.Options;
using MimeKit;

namespace Portal.Web.Mail;

/// <summary>How letters leave: invitations, new passwords. Bound to <c>Portal:Mail</c>. Without a host they wait, for a day at most.</summary>
public sealed class MailOptions
{
    public const string Section = "Portal:Mail";

    /// <summary>The SMTP server.</summary>
    public string Host { get; set; } = "";

    public int Port { get; set; } = 587;

    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    /// <summary>Empty: the server asks for none.</summary>
    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>File that holds <see cref="Password"/>.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>The sender: <c>Portal &lt;portal@example.com&gt;</c>.</summary>
    public string From { get; set; } = "";

    /// <summary>Development only, without a host: letters are put here, and shown at <c>/mailbox</c>.</summary>
    public string Folder { get; set; } = "";

    internal string Secret => PasswordFile.Length > 0 ? File.ReadAllText(PasswordFile).Trim() : Password;
}

/// <summary>How the connection to the SMTP server is made safe.</summary>
public enum MailSecurity { StartTls, Tls, None }

internal sealed class MailOptionsCheck : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        if (options.Host.Length == 0)
            return ValidateOptionsResult.Success;
        var mistakes = new List<string>();
        if (!MailboxAddress.TryParse(options.From, out _))
            mistakes.Add("Portal:Mail:From is missing or no sender: as Portal <portal@example.com>.");
        if (options.Port is < 1 or > 65535)
            mistakes.Add("Portal:Mail:Port is no port.");
        if (options.Security == MailSecurity.None && !IsHere(options.Host))
            mistakes.Add("Portal:Mail:Security None is for a server on this machine only: letters carry codes.");
        if (options.PasswordFile.Length > 0 && !File.Exists(options.PasswordFile))
            mistakes.Add($"Portal:Mail:PasswordFile: there is no file {options.PasswordFile}.");
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }

    private static bool IsHere(string host) => host is "localhost" or "127.0.0.1" or "::1";
}
