using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using MimeKit;
using Portal.Members;
using Portal.Web.Hosting;
using Portal.Web.Mail;
using Portal.Web.Shell;

namespace Portal.Web.Tests.SignIn;

public sealed class LetterTests
{
    [Theory]
    [InlineData("Tea\r\nBcc: everybody@example.test")]
    [InlineData("Tea\nBcc: everybody@example.test\n\nAnother letter")]
    [InlineData("Tea\r\n.\r\nRCPT TO:<everybody@example.test>")]
    public async Task A_name_adds_no_header_no_receiver_and_no_second_letter(string name)
    {
        using var services = new ServiceCollection().AddLogging().AddTexts().BuildServiceProvider();
        var writer = new LetterWriter(services.GetRequiredService<IStringLocalizer<MailText>>(),
            Options.Create(new PortalOptions { PublicAddress = new("https://portal.example.test") }), Options.Create(new MailOptions { From = "Portal <portal@example.test>" }), TimeProvider.System);
        var letter = writer.Write(new(LetterKind.Invitation, "somebody@example.test", "en", name, name, "code", DateTimeOffset.UnixEpoch));

        using var wire = new MemoryStream();
        await letter.WriteToAsync(wire);
        wire.Position = 0;
        var read = await MimeMessage.LoadAsync(wire);

        Assert.Equal("somebody@example.test", Assert.IsType<MailboxAddress>(Assert.Single(read.To)).Address);
        Assert.Empty(read.Bcc);
        Assert.Empty(read.Cc);
        Assert.Single(read.BodyParts);
        string[] own = ["From", "Date", "Subject", "Message-Id", "To", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"];
        Assert.Empty(read.Headers.Select(h => h.Field).Except(own, StringComparer.OrdinalIgnoreCase));
    }
}
