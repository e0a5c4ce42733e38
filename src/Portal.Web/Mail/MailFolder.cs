using Microsoft.Extensions.Options;
using MimeKit;

namespace Portal.Web.Mail;

/// <param name="At">When it was written.</param>
internal sealed record MailboxLetter(DateTimeOffset At, string To, string Subject, string Text);

/// <summary>Where a development run puts letters instead of sending them: a file each, readable by its user only.</summary>
internal sealed class MailFolder(IOptions<MailOptions> options, IHostEnvironment host)
{
    private const int Shown = 50;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private string Folder => options.Value.Folder.Length > 0 ? options.Value.Folder : System.IO.Path.Combine(host.ContentRootPath, ".portal", "mail");

    public async Task SaveAsync(MimeMessage letter, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Folder);
        else
            Directory.CreateDirectory(Folder, OwnerOnly);
        // Version 7 sorts by time. Readers see whole letters only.
        var path = System.IO.Path.Combine(Folder, Guid.CreateVersion7().ToString("N"));
        await letter.WriteToAsync(path, ct);
        File.Move(path, path + ".eml");
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<MailboxLetter>> ReadAsync(CancellationToken ct)
    {
        if (!Directory.Exists(Folder))
            return [];
        var letters = new List<MailboxLetter>();
        foreach (var file in Directory.EnumerateFiles(Folder, "*.eml").OrderDescending(StringComparer.Ordinal).Take(Shown))
        {
            using var letter = await MimeMessage.LoadAsync(file, ct);
            letters.Add(new(letter.Date, letter.To.Mailboxes.First().Address, letter.Subject ?? "", letter.TextBody ?? ""));
        }
        return letters;
    }
}
