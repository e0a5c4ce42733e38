using System.Globalization;
using Portal.Accounts;

namespace Portal.Web.Accounts;

/// <summary>The settings as they stand in the inputs: text, so that nothing typed is lost however wrong it is.</summary>
public sealed class SettingsDraft(AccountSettings settings)
{
    public string Label { get; set; } = settings.Label;

    public string Rate { get; set; } = Text(settings.Rate);

    public string Concurrency { get; set; } = Text(settings.Concurrency);

    public string BatchSize { get; set; } = Text(settings.BatchSize);

    public string ReceiptHours { get; set; } = Text(settings.ReceiptHours);

    public string SenderId { get; set; } = settings.SenderId ?? "";

    public string TemplateId { get; set; } = settings.TemplateId ?? "";

    public string SignName { get; set; } = settings.SignName ?? "";

    /// <summary>What is no whole number reads as 0, which the use case refuses with the limits.</summary>
    public AccountSettings Read() => new(Label, Number(Rate), Number(Concurrency), Number(BatchSize), SenderId, TemplateId, SignName, Number(ReceiptHours));

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
