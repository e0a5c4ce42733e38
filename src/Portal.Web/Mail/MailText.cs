namespace Portal.Web.Mail;

/// <summary>Names the texts of letters and of the development mailbox: <c>MailText.resx</c>, <c>MailText.zh-Hans.resx</c>.</summary>
public sealed class MailText;
