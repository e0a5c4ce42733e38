using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using MimeKit;
using Portal.Members;
using Portal.Web.Hosting;

namespace Portal.Web.Mail;

/// <summary>Words a letter in the language of its reader: plain text, one link at most, on a line of its own.</summary>
internal sealed class LetterWriter(IStringLocalizer<MailText> texts, IOptions<PortalOptions> portal, IOptions<MailOptions> mail, TimeProvider clock)
{
    private const string Nobody = "Portal <portal@localhost>";

    public MimeMessage Write(LetterContent content)
    {
        var (before, beforeUi) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(content.Culture);
        try
        {
            return Message(content);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (before, beforeUi);
        }
    }

    private MimeMessage Message(LetterContent content)
    {
        object[] values = [content.Tenant ?? "", content.By ?? "", Until(content.ExpiresAt), content.Email];
        var letter = new MimeMessage { Subject = texts[content.Kind + ".Subject", values], Date = clock.GetUtcNow() };
        letter.From.Add(MailboxAddress.Parse(mail.Value.From.Length > 0 ? mail.Value.From : Nobody));
        letter.To.Add(new MailboxAddress("", content.Email));
        letter.Body = new TextPart("plain") { Text = Text(content, values) };
        return letter;
    }

    private string Text(LetterContent content, object[] values)
    {
        var lines = new List<string> { texts[content.Kind + ".Body", values], "" };
        if (content.Code is not null)
            lines.AddRange([Link(content), "", texts[content.Kind + ".After", values], ""]);
        lines.Add(texts["Foot", portal.Value.PublicAddress!.GetLeftPart(UriPartial.Authority)]);
        return string.Join('\n', lines);
    }

    // Behind the #: a browser keeps that to itself, so that no log of any server on the way has the code.
    private string Link(LetterContent content)
    {
        var page = content.Kind == LetterKind.Invitation ? "/account/invitation" : "/account/reset";
        return new Uri(portal.Value.PublicAddress!, $"{page}#{content.Code}").ToString();
    }

    private static string Until(DateTimeOffset? at) => at is { } t ? t.UtcDateTime.ToString("d MMMM yyyy HH:mm 'UTC'", CultureInfo.CurrentCulture) : "";
}
